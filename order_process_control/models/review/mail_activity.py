from odoo import api, models
from odoo.exceptions import AccessError, UserError


class MailActivity(models.Model):
    """The bell of a sign-off is closed by the decision and by nothing else: who is asked cannot
    make the question disappear, nor pass it on but by delegation."""

    _inherit = "mail.activity"

    # Odoo keeps what is done, and looks at all of it for every bell
    _open_of_user_idx = models.Index("(user_id) WHERE active IS TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_not_on_signoff()
        return activities

    def write(self, vals):
        document = {"res_id", "res_model_id", "res_model"} & vals.keys()
        if document or {"active", "user_id"} & vals.keys():
            self._check_signoff_open()
        result = super().write(vals)
        if document:
            self._check_not_on_signoff()
        return result

    def _check_not_on_signoff(self):
        """:raise AccessError: who has the activity of a sign-off reads its order, so that only the
        process itself gives one."""
        # sudo: what they belong to, also when the user cannot read it
        if not self.env.su and "order.signoff" in self.sudo().mapped("res_model"):
            raise AccessError(
                self.env._("Activities of sign-offs are planned by the order process alone.")
            )

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
