from odoo import api, models


class OrderTicketLine(models.Model):
    """What the buttons of the screen need."""

    _inherit = "order.ticket.line"

    @api.depends("product_id", "lot_id", "quantity", "uom_id")
    def _compute_display_name(self):
        for line in self:
            quantity = f"{line.quantity:g} {line.uom_id.name or ''}".strip()
            names = filter(None, [line.product_id.display_name, line.lot_id.name, quantity])
            line.display_name = ", ".join(names)

    def action_open_override(self):
        """Return the screen that asks why something out of time is granted."""
        vals = {"kind": "override", "ticket_ids": self.ticket_id.ids, "line_ids": self.ids}
        return self.env["order.ticket.step"].create(vals)._get_screen()
