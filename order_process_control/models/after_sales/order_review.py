from odoo import api, fields, models


class OrderReview(models.Model):
    """Rounds whose subject is a refund for a ticket."""

    _inherit = "order.review"

    subject = fields.Selection(selection_add=[("refund", "Refund")], ondelete={"refund": "cascade"})

    def _get_ticket(self):
        """Return the tickets whose refund these rounds review, none for other subjects."""
        ids = [review.res_id for review in self if review.subject == "refund"]
        # sudo: who reads the round may know of which ticket it is
        # Those that are not deleted after their time in the archive
        return self.env["order.ticket"].sudo().browse(ids).exists()

    def _get_subject_name(self):
        ticket = self._get_ticket()
        if ticket:
            return f"{self.order_id.name} ({ticket.name})"
        return super()._get_subject_name()

    def _is_acted_upon(self):
        if self.subject == "refund":
            # The credit note is there, or the agent was told to go another way
            return self.state != "in_progress"
        return super()._is_acted_upon()

    @api.model
    def _get_proposal_diff(self, proposal, previous):
        if proposal.subject == "refund":
            return []
        return super()._get_proposal_diff(proposal, previous)
