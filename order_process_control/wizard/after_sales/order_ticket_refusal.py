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
        ticket = self.picking_id.action_customer_refused(self.reason)
        tickets = self.env["order.ticket"]
        if not tickets.has_access("read") or not tickets.browse(ticket).has_access("read"):
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("Customer service has been told."),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return {
            "type": "ir.actions.act_window",
            "res_model": "order.ticket",
            "res_id": ticket,
            "views": [(False, "form")],
        }
