from odoo import api, fields, models


class OrderSignoff(models.Model):
    """Sign-offs on a refund: how much, for what, and why."""

    _inherit = "order.signoff"

    ticket_id = fields.Many2one("order.ticket", compute="_compute_ticket")
    refund_summary = fields.Text(compute="_compute_ticket")

    @api.depends("review_id")
    def _compute_ticket(self):
        for signoff in self:
            # sudo: who reads the sign-off may know what is refunded
            review = signoff.sudo().review_id
            signoff.ticket_id = review._get_ticket().sudo(False)
            signoff.refund_summary = review.subject == "refund" and (review.snapshot or {}).get(
                "refund"
            )

    @api.model
    def _get_landing_action(self):
        """Who does nothing but tickets opens the app with theirs."""
        user = self.env.user
        groups = ("order_user", "order_reviewer", "order_auditor")
        if user.has_group("order_process_control.group_ticket_agent") and not any(
            user.has_group(f"order_process_control.group_{name}") for name in groups
        ):
            return self._get_app_action("order_ticket_action_mine")
        return super()._get_landing_action()
