from odoo import api, fields, models


class OrderReview(models.Model):
    """Rounds whose subject is a change of a confirmed order."""

    _inherit = "order.review"

    subject = fields.Selection(selection_add=[("change", "Change")], ondelete={"change": "cascade"})

    def _get_change(self):
        """Return the change that these rounds review, none for other subjects."""
        ids = [review.res_id for review in self if review.subject == "change"]
        # sudo: who reads the round may know of which change it is
        return self.env["order.change"].sudo().browse(ids)

    @api.model
    def _get_withdrawal_kinds(self):
        return (*super()._get_withdrawal_kinds(), "change_withdrawn")

    def _get_subject_name(self):
        return self._get_change().name or super()._get_subject_name()

    @api.model
    def _get_content_subjects(self):
        return {*super()._get_content_subjects(), "change"}
