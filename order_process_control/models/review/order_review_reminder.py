from odoo import api, fields, models


class OrderReview(models.Model):
    """When the signers of a round were last reminded (see ``sale.order.action_remind``)."""

    _inherit = "order.review"

    reminded_at = fields.Datetime(string="Last Reminder", readonly=True)

    @api.model
    def _prepare_review_vals(self, *args, **kwargs):
        # Explicit, so that no default of the user's own gets in
        return {**super()._prepare_review_vals(*args, **kwargs), "reminded_at": False}
