from odoo import models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """The bell of a sign-off is closed by the decision and by nothing else: who is asked cannot
    make the question disappear, nor pass it on but by delegation."""

    _inherit = "mail.activity"

    # Odoo keeps what is done, and looks at all of it for every bell
    _open_of_user_idx = models.Index("(user_id) WHERE active IS TRUE")

    def write(self, vals):
        if {"active", "user_id", "res_id", "res_model_id"} & vals.keys():
            self._check_signoff_open()
        return super().write(vals)

    def unlink(self):
        self._check_signoff_open()
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._check_signoff_open()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _check_signoff_open(self):
        """:raise UserError: for open activities of sign-offs that still wait for a decision."""
        if self.env.su:
            return
        # sudo: what the activity belongs to, also when the user cannot read it
        asked = self.sudo().filtered(lambda a: a.active and a.res_model == "order.signoff")
        signoffs = self.env["order.signoff"].sudo().browse(asked.mapped("res_id"))
        pending = signoffs.filtered(lambda signoff: signoff.state == "pending")
        if pending:
            raise UserError(
                self.env._(
                    "%s: this is done by approving or rejecting. Open it and decide, ask a"
                    " question, or delegate it to a colleague.",
                    ", ".join(pending.mapped("display_name")),
                )
            )
