from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_reportable_quantities(self):
        """Return ``{line: quantity}`` that a customer can still report: what was delivered and
        came not back, less what open tickets are about. In the unit of the line; only lines of
        which there is any."""
        tickets = self.env["order.ticket"]
        # sudo: counts open tickets, of which nothing else is told
        rows = (
            self.env["order.ticket.line"]
            .sudo()
            ._read_group(
                [
                    ("order_line_id", "in", self.ids),
                    ("ticket_id.state", "in", tickets._get_open_states()),
                ],
                ["order_line_id"],
                ["quantity:sum"],
            )
        )
        open_quantities = {line.id: quantity for line, quantity in rows}
        quantities = {
            line: line.qty_delivered - open_quantities.get(line.id, 0)
            for line in self
            if not line.display_type and line.product_id
        }
        return {line: quantity for line, quantity in quantities.items() if quantity > 0}
