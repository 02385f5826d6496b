from odoo import api, fields, models


class OrderReviewStep(models.Model):
    """Which departments need not be asked about goods that are in stock (R-078)."""

    _inherit = "order.review.step"

    allow_fast_path = fields.Boolean(
        string="On the Fast Path",
        compute="_compute_allow_fast_path",
        store=True,
        readonly=False,
        precompute=True,
        help="Odoo signs for this department when the class of the order has a fast path and"
        " everything that is ordered is in stock.",
    )

    @api.depends("is_final")
    def _compute_allow_fast_path(self):
        for step in self:
            step.allow_fast_path = not step.is_final

    def _prepare_configuration(self):
        return {**super()._prepare_configuration(), "allow_fast_path": self.allow_fast_path}
