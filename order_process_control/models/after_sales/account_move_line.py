from odoo import fields, models


class AccountMoveLine(models.Model):
    """What is given back for the goods of a ticket."""

    _inherit = "account.move.line"

    ticket_line_id = fields.Many2one(
        "order.ticket.line",
        string="Goods of a Ticket",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )
