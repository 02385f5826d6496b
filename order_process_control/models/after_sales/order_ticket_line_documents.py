from odoo import fields, models
from odoo.exceptions import UserError


class OrderTicketLine(models.Model):
    """How much of it may be sent again and refunded now, and with which values."""

    _inherit = "order.ticket.line"

    # === SENT AGAIN (as superuser) ===#

    def _get_sendable_quantity(self):
        """Return how much may be sent now, in the line's unit."""
        self.ensure_one()
        is_exchange = self._get_outcome() == "exchange"
        basis = min(self.inspected_quantity, self.quantity) if is_exchange else self.quantity
        # For what was paid back nothing is sent, and the other way round
        return max(self.uom_id.round(basis - self.sent_quantity - self.refunded_quantity), 0.0)

    def _get_exchange_procurement(self, quantity):
        """Return the procurement that Odoo's own exchange would make, with our line on it.

        :raise UserError: for goods without a line of an order
        """
        self.ensure_one()
        order_line = self.order_line_id
        if not order_line:
            raise UserError(
                self.env._(
                    "%s: choose the line of the order that it was sold with.",
                    self.product_id.display_name,
                )
            )
        values = {**order_line._prepare_procurement_values(), "ticket_line_id": self.id}
        return self.env["stock.rule"].Procurement(
            self.product_id,
            quantity,
            self.uom_id,
            order_line.order_id.partner_shipping_id.property_stock_customer,
            self.product_id.display_name,
            self.ticket_id.name,
            self.company_id,
            values,
        )

    # === REFUNDED (as superuser) ===#

    def _get_refundable_quantity(self):
        """Return how much may be given back now, in the line's unit: what was inspected, or what
        does not come back; never more than was invoiced."""
        self.ensure_one()
        is_return = self._get_outcome() == "return"
        basis = min(self.inspected_quantity, self.quantity) if is_return else self.quantity
        settled = self.refunded_quantity + self.sent_quantity
        left = min(basis - settled, self.order_line_id._get_ticket_refundable())
        return max(self.uom_id.round(left), 0.0)

    def _prepare_refund_line_vals(self, quantity):
        """Return the line of a credit note, at the price that was invoiced last."""
        self.ensure_one()
        invoiced = self.order_line_id._get_ticket_invoice_line()
        vals = {
            "ticket_line_id": self.id,
            "product_id": invoiced.product_id.id,
            "name": invoiced.name,
            "product_uom_id": invoiced.product_uom_id.id,
            "quantity": self.uom_id._compute_quantity(quantity, invoiced.product_uom_id),
            "price_unit": invoiced.price_unit,
            "discount": invoiced.discount,
            "tax_ids": [(6, 0, invoiced.tax_ids.ids)],
            "account_id": invoiced.account_id.id,
            "analytic_distribution": invoiced.analytic_distribution,
        }
        if self._get_outcome() == "return":
            # Without it Odoo would invoice again what stays with the customer
            vals["sale_line_ids"] = [(6, 0, self.order_line_id.ids)]
        return vals

    def _get_refund_amount(self, quantity):
        """Return what the customer gets back for ``quantity``, in the company's currency."""
        self.ensure_one()
        invoiced = self.order_line_id._get_ticket_invoice_line()
        if not invoiced.quantity:
            return 0.0
        share = self.uom_id._compute_quantity(quantity, invoiced.product_uom_id) / invoiced.quantity
        return self._to_company_currency(invoiced.currency_id, invoiced.price_total * share)

    def _to_company_currency(self, currency, amount):
        company = self.company_id
        today = fields.Date.context_today(self)
        return currency._convert(amount, company.currency_id, company, today)

    def _get_refund_plan(self):
        """Return [ticket line id, quantity, amount in the company's currency] of what may be
        given back now."""
        plan = []
        for line in self:
            quantity = line._get_refundable_quantity()
            if quantity:
                plan.append([line.id, quantity, round(line._get_refund_amount(quantity), 6)])
        return plan
