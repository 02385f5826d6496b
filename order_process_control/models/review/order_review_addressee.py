from odoo import models

from . import activities


class OrderReview(models.Model):
    """Whom the results are told and the questions are asked."""

    _inherit = "order.review"

    def _get_addressee(self):
        """Return who is told of results and asked questions: who requested the review or, after
        they have left, the salesperson, then the process manager."""
        self.ensure_one()
        chain = (
            self.requested_by,
            self.order_id.user_id,
            self.company_id.order_process_manager_id,
        )
        # sudo: whether a colleague is still there
        return next((user for user in chain if user.sudo().active), self.requested_by)

    def _tell_requesters_of_drift(self):
        """Tell who requested a review that the last signature did not count, because the order
        is not what was signed any more; requests tell it themselves, on their own page."""
        activities.schedule(
            self.env,
            [
                {
                    "record": review.order_id,
                    "kind": "changed",
                    "summary": self.env._("Changed while it was signed: submit it again"),
                    "user_id": review._get_addressee().id,
                }
                for review in self
                if review.res_model == review.order_id._name
            ],
        )
