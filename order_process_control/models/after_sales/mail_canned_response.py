from odoo import fields, models


class MailCannedResponse(models.Model):
    """Ready-made answers of a ticket team."""

    _inherit = "mail.canned.response"

    ticket_team_ids = fields.Many2many(
        "order.ticket.team",
        "order_ticket_team_answer_rel",
        "answer_id",
        "team_id",
        string="Ticket Teams",
        help="Their members can use it.",
    )
