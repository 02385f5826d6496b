from datetime import timedelta

from odoo import api, fields, models

from ..review.fact import FAIL, PASS, Fact, Source
from .commerce import day, number


class OrderReviewCriterion(models.Model):
    """Is the customer who they say they are? (R-009, R-099, R-123)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "identity_verified": (
                self.env._("Identity of the customer verified"),
                self.env._(
                    "Looks whether somebody has verified who the customer is (Contacts, Sales &"
                    " Purchase page). Limit of the check: days for which that is valid; 0 for"
                    " ever."
                ),
            ),
        }

    def _check_identity_verified(self, orders):
        """Look at the stamp of the commercial partner of each order, and whether it still holds."""
        partners = self._get_commercial_partners(orders)
        now = fields.Datetime.now()
        return {order.id: self._judge_identity(partners[order.id], now) for order in orders}

    def _judge_identity(self, customer, now):
        source = Source(self.env._("Customer"), "res.partner", [("id", "=", customer.id)])
        if not customer.identity_verified_at:
            text = self.env._("Nobody has verified the identity of %s.", customer.name)
            return Fact(FAIL, text, {}, (source,))
        evidence = self.env._(
            "%(customer)s: verified by %(user)s on %(date)s (%(document)s).",
            customer=customer.name,
            user=customer.identity_verified_by.name or "?",
            date=day(self.env, customer.identity_verified_at),
            document=customer._get_identity_document_label(),
        )
        figures = {"age": (now - customer.identity_verified_at).days}
        result = PASS
        if not customer._is_identity_unchanged():
            result = FAIL
            evidence += " " + self.env._("Name or registration have changed since: verify again.")
        elif self.threshold and now - customer.identity_verified_at > timedelta(self.threshold):
            result = FAIL
            evidence += " " + self.env._(
                "That is older than %s days: verify again.", number(self.env, self.threshold)
            )
        return Fact(result, evidence, figures, (source,))
