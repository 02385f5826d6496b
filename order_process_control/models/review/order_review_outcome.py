from odoo import api, fields, models


class OrderReview(models.Model):
    """How a round ended, in words: taken back is not the same as cancelled with its order."""

    _inherit = "order.review"

    is_withdrawn = fields.Boolean(compute="_compute_is_withdrawn")
    outcome = fields.Char(compute="_compute_outcome", help="The status, or how it ended, in words.")

    @api.model
    def _get_withdrawal_kinds(self):
        """Return the kinds of ledger entries that say that a round was taken back."""
        return ("withdrawn",)

    @api.depends("state")
    def _compute_is_withdrawn(self):
        cancelled = self._origin.filtered(lambda review: review.state == "cancelled")
        withdrawn = set()
        if cancelled:
            # sudo: who reads the round may know how it ended
            entries = self.env["order.event"].sudo()
            domain = [
                ("order_id", "in", cancelled.sudo().order_id.ids),
                ("kind", "in", self._get_withdrawal_kinds()),
            ]
            withdrawn = {(e.payload or {}).get("review") for e in entries.search(domain)}
        for review in self:
            review.is_withdrawn = review._origin.id in withdrawn

    @api.depends("state", "is_withdrawn")
    @api.depends_context("lang")
    def _compute_outcome(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for review in self:
            is_taken_back = review.state == "cancelled" and review.is_withdrawn
            review.outcome = self.env._("Withdrawn") if is_taken_back else states[review.state]
