from odoo import api, fields, models


class OrderTicketMerge(models.TransientModel):
    """Which of several tickets goes on."""

    _name = "order.ticket.merge"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many("order.ticket", readonly=True)
    target_id = fields.Many2one(
        "order.ticket", string="Goes On", required=True, domain="[('id', 'in', ticket_ids)]"
    )

    @api.constrains("target_id")
    def _check_readable(self):
        """:raise AccessError: whoever may write a reference is told the name by Odoo"""
        # Constraints run as superuser
        self.sudo(False).target_id.check_access("read")

    def action_go(self):
        """Merge the others into the one that goes on, as the user."""
        self.ensure_one()
        (self.ticket_ids - self.target_id).action_merge(self.target_id.id)
        return self.target_id._get_records_action()
