from odoo import api, fields, models


class OrderReviewStep(models.Model):
    """Departments that sign refunds above the company's limit."""

    _inherit = "order.review.step"

    is_for_refunds = fields.Boolean(
        string="Refunds",
        compute="_compute_subject_flags",
        inverse="_inverse_subject_flags",
        help="Signs what tickets refund above the company's limit. Without any such step the"
        " company's process manager is asked.",
    )

    @api.model
    def _get_subject_flags(self):
        return {**super()._get_subject_flags(), "refund": "is_for_refunds"}
