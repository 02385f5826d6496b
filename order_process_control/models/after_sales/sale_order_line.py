from odoo import models


class SaleOrderLine(models.Model):
    """What a customer can make claims for."""

    _inherit = "sale.order.line"

    def _get_ticket_quantities(self):
        """Return (what the customer got, what came back or is on its way), in the line's unit."""
        self.ensure_one()
        uom = self.product_uom_id
        if self.product_id.type == "service":
            return self.qty_delivered, 0.0
        moves = self.move_ids.filtered(
            lambda m: m.state != "cancel" and m.product_id == self.product_id
        )
        delivered = moves.filtered(
            lambda m: m.state == "done" and m.location_dest_id.usage == "customer"
        )
        returned = moves.filtered(lambda m: m.location_id.usage == "customer")
        return (
            sum(m._get_ticket_quantity(uom) for m in delivered),
            sum(m._get_ticket_quantity(uom) for m in returned),
        )

    def _get_delivered_moves(self):
        """Return the moves that brought it to the customer, the oldest first."""
        return self.move_ids.filtered(
            lambda m: (
                m.state == "done"
                and m.location_dest_id.usage == "customer"
                and m.product_id == self.product_id
            )
        ).sorted(lambda m: (m.date, m.id))

    def _get_ticket_invoice_line(self):
        """Return the line of the last posted invoice for this, as superuser."""
        return (
            self.sudo()
            .invoice_lines.filtered(
                lambda row: (
                    row.parent_state == "posted"
                    and row.move_id.move_type == "out_invoice"
                    and row.display_type == "product"
                )
            )
            .sorted("id")[-1:]
        )

    def _get_ticket_refundable(self):
        """Return what was invoiced and not given back, in the line's unit."""
        self.ensure_one()
        rows = self.sudo().invoice_lines
        # sudo: credit notes for tickets that do not say which line of the order they are for
        lines = self.env["order.ticket.line"].sudo().search([("order_line_id", "=", self.id)])
        rows |= lines._get_refund_lines()
        total = 0.0
        for row in rows:
            quantity = row.product_uom_id._compute_quantity(row.quantity, self.product_uom_id)
            if row.move_id.move_type == "out_invoice" and row.parent_state == "posted":
                total += quantity
            elif row.move_id.move_type == "out_refund" and row.parent_state != "cancel":
                total -= quantity
        return total
