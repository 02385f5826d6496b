from odoo import api, fields, models


class OrderReviewStep(models.Model):
    """Departments that decide on expedites: the ones that manage insertions (R-177, R-180)."""

    _inherit = "order.review.step"

    is_for_expedites = fields.Boolean(
        string="Expedites",
        compute="_compute_subject_flags",
        inverse="_inverse_subject_flags",
        help="Signs when an order shall go before others. Without any such step the company's"
        " process manager is asked.",
    )

    @api.model
    def _get_subject_flags(self):
        return {**super()._get_subject_flags(), "expedite": "is_for_expedites"}
