from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# Copied into the answers of each round: see order.signoff.answer
ASPECTS = [
    ("accuracy", "Accuracy"),
    ("compliance", "Compliance"),
    ("executability", "Executability"),
]
KINDS = [("manual", "Answered by the Reviewer"), ("automatic", "Checked by Odoo")]


class OrderReviewCriterion(models.Model):
    """A question that a department answers when it signs, or a fact that Odoo looks up
    (R-080, R-099 .. R-106, R-119 .. R-127)."""

    _name = "order.review.criterion"
    _description = "Order Review Criterion"
    _order = "sequence, id"

    step_id = fields.Many2one("order.review.step", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="step_id.company_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Question", required=True, translate=True)
    aspect = fields.Selection(ASPECTS, default="accuracy", required=True)
    guidance = fields.Text(translate=True, help="What the reviewer should look at (R-103).")
    kind = fields.Selection(KINDS, default="manual", required=True)
    is_required = fields.Boolean(
        string="Mandatory", default=True, help="An approval needs an answer to this question."
    )
    check_code = fields.Selection(
        selection="_selection_check_code",
        string="Check",
        help="What Odoo looks up, with the figures it finds.",
    )

    @api.model
    def _selection_check_code(self):
        """Each code is answered by a method ``_check_<code>(orders)``."""
        return [("stock_available", self.env._("Stock available by the promised date"))]

    @api.constrains("kind", "check_code")
    def _check_automatic_has_code(self):
        for criterion in self:
            if criterion.kind == "automatic" and not criterion.check_code:
                raise ValidationError(
                    self.env._("Choose what Odoo shall check for “%s”.", criterion.name)
                )

    # === AUTOMATIC CHECKS ===#

    @api.model
    def _run_checks(self, codes, orders):
        """Run automatic checks on all ``orders``, each check once.

        :param codes: check codes
        :return: ``{check code: {order id: (result, evidence)}}`` with result ``pass``, ``warn``,
            ``fail`` or ``unknown``. A check that raises says ``unknown`` and why.
        """
        outcomes = {}
        for code in set(codes):
            try:
                with self.env.cr.savepoint(flush=False):
                    outcomes[code] = getattr(self, f"_check_{code}")(orders)
            except Exception as error:  # noqa: BLE001 - a broken check must not stop an order
                evidence = self.env._("Could not be checked: %s", error)
                outcomes[code] = dict.fromkeys(orders._ids, ("unknown", evidence))
        return outcomes

    @api.model
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
            return "pass", self.env._("No goods from stock are ordered.")
        result, evidence = "pass", []
        for product, quantity in need.items():
            available = forecast(order, product)
            if product.uom_id.compare(available, quantity) < 0:
                result = "fail"
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
            result = "warn" if result == "pass" else result
            when = self.env._("No promised date: all planned receipts counted.")
        return result, "; ".join(evidence) + ". " + when

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

    # === CONFIGURATION ===#

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        self.env.registry.clear_cache()
        return criteria

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _prepare_copy(self):
        """Return the values that an answer keeps of its criterion."""
        self.ensure_one()
        return {
            "criterion_id": self.id,
            "sequence": self.sequence,
            "name": self.name,
            "aspect": self.aspect,
            "guidance": self.guidance,
            "kind": self.kind,
            "is_required": self.is_required,
            "check_code": self.check_code,
        }
