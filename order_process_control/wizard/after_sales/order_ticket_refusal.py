from odoo import fields, models


class OrderTicketRefusal(models.TransientModel):
    """Why the customer has not taken the goods."""

    _name = "order.ticket.refusal"
    _description = "Delivery Refused by the Customer"

    picking_id = fields.Many2one("stock.picking", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Open the ticket and show it to who may read it."""
        self.ensure_one()
        ticket_id = self.picking_id.action_customer_refused(self.reason)
        ticket = self.env["order.ticket"].browse(ticket_id)
        if not ticket.has_access("read"):
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("Customer service has been told."),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return ticket._get_records_action()
