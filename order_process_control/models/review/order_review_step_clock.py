from odoo import fields, models


class OrderReviewStep(models.Model):
    """How long a department has to sign."""

    _inherit = "order.review.step"

    policy_id = fields.Many2one(
        "order.deadline.policy",
        string="Time Allowed",
        domain="[('clock', '=', 'signoff'), '|', ('company_id', '=', False),"
        " ('company_id', '=?', company_id)]",
        ondelete="restrict",
        help="Leave empty for what holds for the sign-offs of the department.",
    )

    def _prepare_copy(self):
        return {**super()._prepare_copy(), "policy_id": self.policy_id.id}
