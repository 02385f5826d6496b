from odoo import models
from odoo.exceptions import UserError


class OrderTicketLine(models.Model):
    """How much of it may be sent again now, and with which values (as superuser)."""

    _inherit = "order.ticket.line"

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
