from odoo import models


class OrderTicketLine(models.Model):
    """What the buttons of the screen need."""

    _inherit = "order.ticket.line"

    def action_open_override(self):
        """Return the screen that asks why something out of time is granted."""
        vals = {"kind": "override", "ticket_ids": self.ticket_id.ids, "line_ids": self.ids}
        return self.env["order.ticket.step"].create(vals)._get_screen()
