from odoo import api, fields, models
from odoo.exceptions import AccessError


class MailCannedResponse(models.Model):
    """Ready-made answers of a ticket team: which, is said by who may change the team. Odoo lets
    every employee write answers, and these go to customers."""

    _inherit = "mail.canned.response"

    ticket_team_ids = fields.Many2many(
        "order.ticket.team",
        "order_ticket_team_answer_rel",
        "answer_id",
        "team_id",
        string="Ticket Teams",
        help="Their members can use it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers._check_may_offer()
        return answers

    def write(self, vals):
        self._check_may_offer()
        result = super().write(vals)
        self._check_may_offer()
        return result

    def _check_may_offer(self):
        """:raise AccessError: for answers of a team, unless the user may change the team"""
        # sudo: which teams offer it, also those that the user does not see
        teams = self.sudo().ticket_team_ids.sudo(False)
        if teams and not self.env.su and not teams.has_access("write"):
            raise AccessError(
                self.env._(
                    "This is a ready-made answer of a ticket team: ask a process manager to change"
                    " it."
                )
            )
