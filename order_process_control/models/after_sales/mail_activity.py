from odoo import models
from odoo.exceptions import AccessError, UserError


class MailActivity(models.Model):
    """The bell of a department's part is closed by the answer and by nothing else, as that of a
    sign-off is by the decision."""

    _inherit = "mail.activity"

    def _check_not_on_signoff(self):
        """:raise AccessError: who has the activity of a part reads its ticket, so that only the
        process itself gives one."""
        result = super()._check_not_on_signoff()
        # sudo: what they belong to, also when the user cannot read it
        if not self.env.su and "order.ticket.part" in self.sudo().mapped("res_model"):
            raise AccessError(
                self.env._("Activities of parts of tickets are planned by the process alone.")
            )
        return result

    def _check_signoff_open(self):
        """:raise UserError: for open activities of parts that still wait for an answer."""
        result = super()._check_signoff_open()
        if self.env.su:
            return result
        # sudo: as above
        asked = self.sudo().filtered(lambda a: a.active and a.res_model == "order.ticket.part")
        parts = self.env["order.ticket.part"].sudo().browse(asked.mapped("res_id"))
        parts = parts.filtered(lambda part: part.state == "asked")
        if parts:
            raise UserError(
                self.env._(
                    "%s: this is done by answering. Open it and write your answer.",
                    ", ".join(parts.mapped("display_name")),
                )
            )
        return result
