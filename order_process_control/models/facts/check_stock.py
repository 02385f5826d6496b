from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..review.fact import FAIL, PASS, WARN, Fact


class OrderReviewCriterion(models.Model):
    """Are the goods there by the promised date? (R-078, R-106)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "stock_available": (
                self.env._("Stock available by the promised date"),
                self.env._("Compares what is ordered with the forecast of the warehouse."),
            )
        }

    def _check_stock_available(self, orders):
        """Compare what each order needs with the forecast of its warehouse on the promised day.

        Without a promised date the forecast of all planned moves counts, with a warning.
        """
        # sudo: a salesperson need not see the stock of every location to get an answer
        needs = orders.sudo()._get_stock_needs()
        forecast = self._get_stock_forecast(needs)
        return {
            order.id: self._judge_stock(order, needs[order.id], forecast) for order in orders.sudo()
        }

    @api.model
    def _judge_stock(self, order, need, forecast):
        if not need:
            return Fact(PASS, self.env._("No goods from stock are ordered."))
        result, evidence = PASS, []
        for product, quantity in need.items():
            available = forecast(order, product)
            if product.uom_id.compare(available, quantity) < 0:
                result = FAIL
            evidence.append(
                self.env._(
                    "%(product)s: needs %(need)s, forecast %(forecast)s",
                    product=product.display_name,
                    need=f"{quantity:g} {product.uom_id.name}",
                    forecast=f"{available:g}",
                )
            )
        if order.commitment_date:
            day = format_date(self.env, order.commitment_date)
            when = self.env._("By %s.", day)
        else:
            result = WARN if result == PASS else result
            when = self.env._("No promised date: all planned receipts counted.")
        return Fact(result, "; ".join(evidence) + ". " + when)

    @api.model
    def _get_stock_forecast(self, needs):
        """Return a function ``(order, product) -> forecast quantity`` for all ``needs``.

        Three queries a warehouse however many orders: stock on hand, then planned receipts and
        deliveries by day, added up to the promised date.
        """
        products = (
            self.env["product.product"]
            .sudo()
            .concat(*{product for need in needs.values() for product in need})
        )
        orders = self.env["sale.order"].sudo().browse(needs)
        on_hand, changes = {}, {}
        for warehouse in orders.warehouse_id:
            located = products.with_context(warehouse_id=warehouse.id)
            quant_domain, in_domain, out_domain = located._get_domain_locations()
            on_hand[warehouse.id] = dict(
                self.env["stock.quant"]
                .sudo()
                ._read_group(
                    Domain("product_id", "in", products.ids) & Domain(quant_domain),
                    ["product_id"],
                    ["quantity:sum"],
                )
            )
            changes[warehouse.id] = self._get_planned_changes(products, in_domain, out_domain)

        def forecast(order, product):
            until = order.commitment_date
            planned = changes[order.warehouse_id.id][product]
            return on_hand[order.warehouse_id.id].get(product, 0.0) + sum(
                quantity for date, quantity in planned if not until or date <= until
            )

        return forecast

    @api.model
    def _get_planned_changes(self, products, in_domain, out_domain):
        """Return ``{product: [(start of day, quantity in or out)]}`` of the open moves."""
        planned = defaultdict(list)
        open_moves = Domain("product_id", "in", products.ids) & Domain(
            "state", "in", ("waiting", "confirmed", "assigned", "partially_available")
        )
        for domain, sign in ((in_domain, 1), (out_domain, -1)):
            for product, day, quantity in (
                self.env["stock.move"]
                .sudo()
                ._read_group(
                    open_moves & Domain(domain), ["product_id", "date:day"], ["product_qty:sum"]
                )
            ):
                planned[product].append((day, sign * quantity))
        return planned
