from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..review.fact import FAIL, PASS, UNKNOWN, WARN, Fact, Source
from .memo import remember
from .wording import name_few

RELATIONS = (
    "country_ids",
    "state_ids",
    "zip_prefix_ids",
    "must_have_tag_ids",
    "excluded_tag_ids",
)


class OrderReviewCriterion(models.Model):
    """Can it be brought there? (R-122, R-127, R-138)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "carrier_available": (
                self.env._("Delivery method serves the address"),
                self.env._(
                    "The delivery method of the order, or any other as long as none is chosen,"
                    " has to fit address, weight, volume and products. The limit means nothing"
                    " here."
                ),
            )
        }

    def _check_carrier_available(self, orders):
        """Ask Odoo's own rules for delivery methods about each order with goods."""
        shipped = self._filter_shipped(orders)
        picked_up = orders.filtered(self._is_picked_up)
        carriers = self._get_carriers(shipped) if shipped else self.env["delivery.carrier"]
        facts = dict.fromkeys(
            orders._ids, Fact(PASS, self.env._("Nothing has to be brought to the customer."))
        )
        facts |= dict.fromkeys(
            picked_up._ids, Fact(PASS, self.env._("The customer collects the goods."))
        )
        return facts | {order.id: self._judge_carrier(order, carriers) for order in shipped}

    @api.model
    def _judge_carrier(self, order, carriers):
        address = order.partner_shipping_id.display_name
        if order.carrier_id:
            return self._judge_chosen_carrier(order, address)
        of_company = carriers.filtered(lambda c: c.company_id.id in (False, order.company_id.id))
        if not of_company:
            evidence = self.env._(
                "No delivery method is chosen, and none is set up (Inventory, Configuration,"
                " Delivery Methods)."
            )
            return Fact(UNKNOWN, evidence)
        serving = self._filter_serving(of_company, order)
        figures = {"carriers": serving.ids}
        sources = self._get_carrier_sources(of_company)
        if not serving:
            evidence = self.env._("None of the delivery methods serves %s.", address)
            return Fact(FAIL, evidence, figures, sources)
        evidence = self.env._(
            "No delivery method is chosen yet; %(address)s is served by %(carriers)s.",
            address=address,
            carriers=name_few(self.env, serving.mapped("name")),
        )
        return Fact(PASS, evidence, figures, sources)

    @api.model
    def _filter_serving(self, carriers, order):
        """Return which delivery methods take an order; those with price rules, which are more to
        read, when there is no other."""
        by_rule = carriers.filtered(lambda carrier: carrier.delivery_type == "base_on_rule")
        simple = carriers - by_rule
        serving = simple.filtered(lambda carrier: not self._get_carrier_obstacle(carrier, order))
        return serving or by_rule.filtered(
            lambda carrier: not self._get_carrier_obstacle(carrier, order)
        )

    @api.model
    def _judge_chosen_carrier(self, order, address):
        carrier = order.carrier_id
        sources = self._get_carrier_sources(carrier)
        obstacle = self._get_carrier_obstacle(carrier, order)
        if obstacle:
            evidence = self.env._(
                "%(carrier)s to %(address)s: %(obstacle)s.",
                carrier=carrier.name,
                address=address,
                obstacle=obstacle,
            )
            return Fact(FAIL, evidence, {"carriers": []}, sources)
        figures = {"carriers": carrier.ids}
        if not carrier.active:
            evidence = self.env._("%s is not offered any more: it was archived.", carrier.name)
            return Fact(WARN, evidence, figures, sources)
        evidence = self.env._(
            "%(carrier)s serves %(address)s.", carrier=carrier.name, address=address
        )
        return Fact(PASS, evidence, figures, sources)

    @api.model
    def _get_carrier_sources(self, carriers):
        domain = [["id", "in", carriers.ids], ["active", "in", [True, False]]]
        return (Source(self.env._("Delivery methods"), "delivery.carrier", domain),)

    @api.model
    def _get_carrier_obstacle(self, carrier, order):
        """Return in words why a delivery method does not take an order, False when it does.

        Odoo's own conditions, each asked only where it is set: the lines of an order are read
        for weight, volume, products and price rules alone.
        """
        if carrier.company_id and carrier.company_id != order.company_id:
            return self.env._("belongs to another company")
        if not carrier._match_address(order.partner_shipping_id):
            return self.env._("does not serve this address")
        if carrier.must_have_tag_ids and not carrier._match_must_have_tags(order):
            return self.env._("does not take these products")
        if carrier.excluded_tag_ids and not carrier._match_excluded_tags(order):
            return self.env._("excludes one of these products")
        if carrier.max_weight and not carrier._match_weight(order):
            limit = f"{carrier.max_weight:g} {carrier.weight_uom_name}"
            return self.env._("takes %s at most", limit)
        if carrier.max_volume and not carrier._match_volume(order):
            limit = f"{carrier.max_volume:g} {carrier.volume_uom_name}"
            return self.env._("takes %s at most", limit)
        if carrier.delivery_type == "base_on_rule" and not self._has_price_rule(carrier, order):
            return self.env._("has no price rule for this order")
        return False

    @api.model
    def _has_price_rule(self, carrier, order):
        """Ask Odoo's price rules with the figures of the order; without its currency rates, which
        would be a query an order, but with that of the order itself."""
        total = order.amount_total
        if order.carrier_id:
            total -= sum(order.order_line.filtered("is_delivery").mapped("price_total"))
        goods = order.order_line.filtered(
            lambda line: line.product_id and line.product_id.type != "service"
        )
        weight = sum(line.product_id.weight * line.product_qty for line in goods)
        volume = sum(line.product_id.volume * line.product_qty for line in goods)
        both = sum(
            line.product_id.weight * line.product_id.volume * line.product_qty for line in goods
        )
        try:
            carrier._get_price_from_picking(
                total / (order.currency_rate or 1.0),
                order.shipping_weight or weight,
                volume,
                sum(goods.mapped("product_qty")),
                wv=both,
            )
        except UserError:
            return False
        return True

    @api.model
    def _get_carriers(self, orders):
        """Return all active delivery methods and those of ``orders``, with their conditions
        read, in two queries."""
        return remember(self.env, ("carriers", orders._ids), lambda: self._read_carriers(orders))

    @api.model
    def _is_any_without_carrier(self, orders):
        return any(not order.carrier_id for order in orders)

    @api.model
    def _read_carriers(self, orders):
        # sudo: which delivery methods there are is not the salesperson's to read
        model = self.env["delivery.carrier"].sudo()
        names = [name for name, field in model._fields.items() if field.column_type and field.store]
        active = model.search_fetch([], names) if self._is_any_without_carrier(orders) else model
        every = active | orders.carrier_id
        if not every:
            return active
        found = defaultdict(list)
        model.flush_model(RELATIONS)
        parts = [
            SQL(
                "SELECT %s, %s, %s FROM %s WHERE %s IN %s",
                name,
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                every._ids,
            )
            for name in RELATIONS
            for field in [model._fields[name]]
        ]
        for name, carrier_id, other_id in self.env.execute_query(SQL(" UNION ALL ").join(parts)):
            found[name, carrier_id].append(other_id)
        for name in RELATIONS:
            for carrier in every:
                model._fields[name]._update_cache(carrier, tuple(found[name, carrier.id]))
        return active
