from odoo import api, fields, models

from ..order.process_token import as_process


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

    def _is_acted_upon(self):
        change = self._get_change()
        if change:
            return change.state not in ("submitted", "refused")
        return super()._is_acted_upon()

    def _on_reopened(self):
        changes = self._get_change()
        if changes:
            as_process(changes).write({"state": "submitted"})
            changes._close_tasks()
        return super(OrderReview, self.filtered(lambda r: r.subject != "change"))._on_reopened()
