from odoo import api, models
from odoo.fields import Domain

from .commerce import name_some, remember, with_reading

# What the checks read of lines, so that one query brings it
_LINE_FIELDS = (
    "order_id",
    "name",
    "sequence",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "price_subtotal",
    "currency_id",
    "company_id",
    "display_type",
    "is_downpayment",
    "is_delivery",
    "process_origin",
    "is_gift",
    "gift_approved_by",
    "gift_terms",
    "combo_item_id",
    "linked_line_id",
)


class OrderReviewCriterion(models.Model):
    """The lines of orders, as the commercial checks share them."""

    _inherit = "order.review.criterion"

    def _run_checks(self, orders):
        days = [c.threshold for c in self if c.check_code == "duplicate_order"]
        reading = with_reading(self, max(days, default=0))
        return super(OrderReviewCriterion, reading)._run_checks(orders)

    def _get_commercial_lines(self, orders):
        """Return ``{order id: lines}`` of what is sold, down payments included, in one query a run.

        Left out, as in the content of an order: sections, notes, what Odoo's own documents added
        later, and what shipping costs. Flags that anybody can write hide nothing.
        """
        return remember(
            self.env, ("lines", orders._ids), lambda: self._read_commercial_lines(orders)
        )

    @api.model
    def _read_commercial_lines(self, orders):
        # sudo: checks see the whole order, see _get_checks
        lines = self.env["sale.order.line"].sudo()
        found = lines.search_fetch(
            self._get_commercial_lines_domain(orders),
            [*_LINE_FIELDS, *(n for n in self._get_soft_line_fields() if n in lines._fields)],
        )
        carriers = self._get_customers(orders).carriers
        if carriers:
            found = found.filtered(lambda line: not self._is_shipping(line, carriers))
        self._warm(found.product_id, ["standard_price"], orders)
        found.product_id.mapped("type")
        by_order = found.grouped("order_id")
        # One prefetch for the lines of all orders
        return {
            order.id: by_order.get(order, found.browse()).with_prefetch(found._ids)
            for order in orders.sudo()
        }

    @api.model
    def _is_shipping(self, line, carriers):
        return (
            line.is_delivery
            and line.product_id.id in carriers
            and line.product_uom_qty == 1
            and line.price_unit >= 0
            and line.price_subtotal >= 0
        )

    @api.model
    def _warm(self, records, names, orders):
        """Read ``records`` with some of their company-dependent fields, one query a company: Odoo
        alone takes one more for those."""
        usual = [f.name for f in records._fields.values() if f.prefetch is True and f.column_type]
        for company in orders.company_id:
            records.with_company(company).fetch([*usual, *names])

    @api.model
    def _get_soft_line_fields(self):
        """Return fields of lines that other modules add and that checks know of."""
        return ("purchase_price",)

    @api.model
    def _get_commercial_lines_domain(self, orders):
        return (
            Domain("order_id", "in", orders._ids)
            & Domain("display_type", "=", False)
            & Domain("process_origin", "=", False)
        )

    def _get_commercial_partners(self, orders):
        """Return ``{order id: commercial partner}``, each in the company of the order."""
        return remember(
            self.env, ("partners", orders._ids), lambda: self._read_commercial_partners(orders)
        )

    def _read_commercial_partners(self, orders):
        keys = self._get_customers(orders).keys
        ids = {customer_id for customer_id, _company_id in keys.values()}
        # sudo: also the company of a contact that the user may not read
        partners = self.env["res.partner"].sudo().browse(ids)
        self._warm(partners, ["credit_limit", "property_payment_term_id"], orders)
        partners = {partner.id: partner for partner in partners}
        return {
            order.id: partners[keys[order.id][0]].with_company(order.company_id)
            for order in orders.sudo()
        }

    @api.model
    def _filter_sold(self, lines):
        """Return the lines that sell something: no down payments, which have no quantity."""
        return lines.filtered(
            lambda line: line.product_id and (line.product_uom_qty or not line.is_downpayment)
        )

    @api.model
    def _name_orders(self, rows):
        """Return the names of orders as one text."""
        return name_some(self.env, [row.name for row in rows])
