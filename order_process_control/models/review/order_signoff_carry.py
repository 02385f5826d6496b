from odoo import api, models

from . import tolerance


class OrderSignoff(models.Model):
    """Which earlier decisions hold for a new round (design, principle 3)."""

    _inherit = "order.signoff"

    def _is_overruled(self, proposal, vals):
        """Tell whether a final approver is asked to overrule this decision: a rejection of just
        what is submitted now, by somebody else than the final approver."""
        overruled = proposal.overrules
        while overruled and overruled != self.review_id:
            # The final approver may be asked more than once about the same content
            overruled = overruled.overrules_id
        return bool(overruled) and self.state == "rejected" and not vals["is_final"]

    def _can_be_carried(self, review, proposal, vals):
        """Tell whether this signature also holds for a new round: the same questions, nothing
        changed beyond the tolerance, and its signers may still sign. Overruling is never done
        by an older signature."""
        self.ensure_one()
        barred = self._get_own_users(review, proposal)
        return (
            proposal.subject in self.env["order.review"]._get_content_subjects()
            and not (proposal.overrules and vals["is_final"])
            # Facts are looked up anew
            and not self.signed_by_system
            and self.configuration == vals["configuration"]
            and set(vals["watched_aspects"].split(",")) <= set(self._get_aspects())
            and (vals["allow_requester"] or not (self._get_votes().user_id & barred))
            and bool(self.review_id.content)
            and tolerance.is_within(
                self.review_id.content,
                proposal.content,
                vals["watched_aspects"].split(","),
                vals["limits"],
            )
        )

    @api.model
    def _get_own_users(self, review, proposal):
        """Return whose own it is, as ``_get_barred_ctes`` says it for those who sign anew."""
        # sudo: who wrote the order, whoever submits it
        order = proposal.order.sudo()
        return review.requested_by | order.user_id | order.create_uid | order.content_editor_ids

    def _prepare_carried_vals(self):
        self.ensure_one()
        return {
            "state": "approved",
            "carried_from_id": self.id,
            "decided_by": self.decided_by.id,
            "decided_at": self.decided_at,
            "comment": self.comment,
            "lead_time_days": self.lead_time_days,
            "proposed_date": self.proposed_date,
        }
