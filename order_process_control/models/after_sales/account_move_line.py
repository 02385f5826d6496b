from odoo import models


class AccountMoveLine(models.Model):
    """What is given back for the goods of a ticket."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "order.ticket.document.mixin"]
