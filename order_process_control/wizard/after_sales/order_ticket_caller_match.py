from odoo import api, fields, models
from odoo.fields import Command


class OrderTicketCallerMatch(models.TransientModel):
    """One customer, maybe with the order, that fits what a caller has said."""

    _name = "order.ticket.caller.match"
    _description = "Possible Caller"

    caller_id = fields.Many2one("order.ticket.caller", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    order_id = fields.Many2one("sale.order")
    lot_id = fields.Many2one("stock.lot", string="Serial Number")
    order_line_id = fields.Many2one("sale.order.line")
    open_count = fields.Integer(string="Open Tickets", compute="_compute_open_count")

    @api.constrains("partner_id")
    def _check_readable(self):
        """:raise AccessError: whoever may write a reference is told the name by Odoo"""
        # Constraints run as superuser
        self.sudo(False).partner_id.check_access("read")

    @api.depends("partner_id")
    def _compute_open_count(self):
        tickets = self.env["order.ticket"]
        customers = self.partner_id.commercial_partner_id
        rows = tickets._read_group(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("state", "in", tickets._get_open_states()),
            ],
            ["commercial_partner_id"],
            ["__count"],
        )
        counts = {customer.id: count for customer, count in rows}
        for match in self:
            match.open_count = counts.get(match.partner_id.commercial_partner_id.id, 0)

    def action_open_ticket(self):
        """Open a new ticket of this customer, with what is known already."""
        self.ensure_one()
        context = {"default_partner_id": self.partner_id.id}
        if self.order_id:
            context["default_order_id"] = self.order_id.id
        if self.lot_id:
            context["default_line_ids"] = [
                Command.create(
                    {
                        "order_line_id": self.order_line_id.id,
                        "product_id": self.lot_id.product_id.id,
                        "lot_id": self.lot_id.id,
                        "quantity": 1,
                    }
                )
            ]
        return self.caller_id._get_ticket_action(context)

    def action_view_tickets(self):
        """Show the open tickets of this customer."""
        self.ensure_one()
        tickets = self.env["order.ticket"]
        return tickets._get_list_action(
            [
                ("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("state", "in", tickets._get_open_states()),
            ],
            self.env._("Tickets"),
        )
