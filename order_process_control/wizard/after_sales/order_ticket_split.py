from odoo import api, fields, models


class OrderTicketSplit(models.TransientModel):
    """What of a ticket is another matter, and goes on as a ticket of its own."""

    _name = "order.ticket.split"
    _description = "Split a Ticket"

    ticket_id = fields.Many2one("order.ticket", required=True, readonly=True)
    has_goods = fields.Boolean(compute="_compute_has_goods")
    subject = fields.Char(required=True)
    line_ids = fields.Many2many(
        "order.ticket.line", string="Goods", domain="[('ticket_id', '=', ticket_id)]"
    )

    @api.constrains("ticket_id")
    def _check_readable(self):
        """:raise AccessError: whoever may write a reference is told the name by Odoo"""
        # Constraints run as superuser
        self.sudo(False).ticket_id.check_access("read")

    def _compute_has_goods(self):
        for split in self:
            split.has_goods = bool(split.ticket_id.line_ids)

    def action_go(self):
        """Make the other ticket and open it, as the user."""
        self.ensure_one()
        return self.ticket_id.action_split(self.subject, self.line_ids.ids)
