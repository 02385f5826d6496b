from odoo import api, fields, models


class OrderReview(models.Model):
    """Rounds whose subject is an order that shall go before others."""

    _inherit = "order.review"

    subject = fields.Selection(
        selection_add=[("expedite", "Expedite")], ondelete={"expedite": "cascade"}
    )

    def _get_expedite(self):
        """Return the expedites that these rounds review, none for other subjects."""
        ids = [review.res_id for review in self if review.subject == "expedite"]
        # sudo: who reads the round may know of which expedite it is
        return self.env["order.expedite"].sudo().browse(ids)

    @api.model
    def _get_withdrawal_kinds(self):
        return (*super()._get_withdrawal_kinds(), "expedite_cancelled")

    def _get_subject_name(self):
        expedite = self._get_expedite()
        if expedite:
            return f"{expedite.order_id.name} ({expedite.name})"
        return super()._get_subject_name()

    @api.model
    def _get_proposal_diff(self, proposal, previous):
        if proposal.subject == "expedite":
            return proposal.record._get_impact_rows()
        return super()._get_proposal_diff(proposal, previous)
