from odoo import fields, models


class RepairOrder(models.Model):
    """Repairs for a ticket."""

    _inherit = "repair.order"

    ticket_line_id = fields.Many2one(
        "order.ticket.line",
        string="Goods of a Ticket",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )
    ticket_id = fields.Many2one(related="ticket_line_id.ticket_id", string="Ticket")
