from odoo import models

from ..order.process_token import as_process


class SaleOrder(models.Model):
    """A later change of what was accepted online asks the customer again."""

    _inherit = "sale.order"

    def _has_to_be_signed(self):
        """Who accepted by paying need not sign as well; who is asked again signs to accept."""
        # sudo: the page is shown to the customer
        order = self.sudo()
        if order.customer_accepted:
            return False
        return super()._has_to_be_signed() or (
            order.customer_asked_again
            and order.state in ("draft", "sent")
            and not order.is_expired
            and not order.signature
        )

    def _can_be_edited_on_portal(self):
        # sudo: see _has_to_be_signed
        return super()._can_be_edited_on_portal() and not self.sudo().customer_accepted

    def _compute_is_expired(self):
        """An offer that was accepted in time does not expire during our own review."""
        result = super()._compute_is_expired()
        # sudo: see _has_to_be_signed
        self.filtered(lambda order: order.sudo().customer_accepted).is_expired = False
        return result

    def _supersede_changed_reviews(self):
        result = super()._supersede_changed_reviews()
        self._take_back_changed_acceptances()
        return result

    def _take_back_changed_acceptances(self):
        """Ask the customer again where goods, price, dates or terms are not what was accepted.

        What was paid stays with the order.
        """
        accepted = self.filtered(
            # sudo: whoever changed the order, the customer on the portal included
            lambda order: order.state in ("draft", "sent") and order.sudo().customer_accepted
        ).sudo()
        if not accepted:
            return
        contents = accepted._get_review_contents()
        changed = accepted.filtered(
            lambda order: order._get_acceptance_fingerprint(contents[order.id])
            != order.customer_fingerprint
        )
        if changed:
            changed._forget_acceptance()
            as_process(changed).write(
                {
                    "customer_asked_again": True,
                    "signature": False,
                    "signed_by": False,
                    "signed_on": False,
                }
            )
            steps_by_order = self.env["order.review.step"]._get_steps_by_order(changed)
            changed._plan_customer_activities(
                "customer", lambda order: order._get_change_summary(steps_by_order[order.id])
            )

    def _get_change_summary(self, steps):
        self.ensure_one()
        if steps:
            return self.env._(
                "Changed after the customer accepted it online: request the review again; the"
                " customer is asked again when it is released"
            )
        return self.env._(
            "Changed after the customer accepted it online: send it to the customer again"
        )
