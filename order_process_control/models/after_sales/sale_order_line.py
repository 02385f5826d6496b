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
        """Return ``{line: (quantity, money)}`` of what was invoiced and not given back: the
        quantity in the line's unit, the money with tax in the currency of the last invoice. The
        lines are as superuser, and so are credit notes for tickets that name no line."""
        lines = self.sudo()
        of_tickets = (
            self.env["order.ticket.line"].sudo().search([("order_line_id", "in", self.ids)])
        ).grouped("order_line_id")
        nothing = self.env["order.ticket.line"].sudo()
        return {
            line: line._sum_ticket_invoices(of_tickets.get(line, nothing)._get_refund_lines())
            for line in lines
        }

    def _sum_ticket_invoices(self, refund_rows):
        """Return (quantity, money) of the invoices for this line less all its credit notes.

        :param refund_rows: lines of credit notes for tickets, some of which Odoo does not know
        """
        currency = self._get_ticket_invoice_line().currency_id
        quantity = money = 0.0
        for row in self.invoice_lines | refund_rows:
            sign = row._get_ticket_sign()
            money += sign * row.currency_id._convert(
                row.price_total, currency or row.currency_id, self.company_id, row.date
            )
            if not row.is_ticket_compensation:
                quantity += sign * row.product_uom_id._compute_quantity(
                    row.quantity, self.product_uom_id
                )
        return quantity, money
