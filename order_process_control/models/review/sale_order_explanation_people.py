from odoo import models

from .sale_order_explanation import as_text


class SaleOrder(models.Model):
    """Why an order is gated, who is next, until when: departments and people (as superuser)."""

    _inherit = "sale.order"

    def _explain_departments(self, reasons):
        """Return the departments in signing order, with the sign-offs of the current round.

        :param dict reasons: ``{step id: sentences}`` of the steps that apply now
        """
        labels = dict(self.signoff_ids._fields["state"]._description_selection(self.env))
        signoffs = self.current_review_id.signoff_ids.sorted(
            lambda s: (s.is_final, s.sequence, s.id)
        )
        if self.current_review_id.state == "cancelled":
            signoffs = signoffs.browse()
        known = [
            {
                "name": signoff.name,
                "state": signoff.state,
                "state_label": labels[signoff.state],
                "who": signoff.decided_by.name or "",
                "when": as_text(signoff.decided_at or signoff.pending_since),
                "reasons": reasons.get(signoff.step_id.id, []),
            }
            for signoff in signoffs
        ]
        configuration = self.env["order.review.step"]._get_configuration()
        return known + [
            {
                "name": configuration[step_id]["copy"]["name"],
                "state": "not_asked",
                "state_label": self.env._("Not Asked yet"),
                "who": "",
                "when": None,
                "reasons": sentences,
            }
            for step_id, sentences in reasons.items()
            if step_id not in signoffs.step_id.ids
        ]

    # === WHO IS NEXT ===#

    def _explain_next(self, state, signers, reasons):
        """Return who acts next: the departments that are asked or will be first, or sales.

        :param signers: ``{sign-off id: Signers}`` of the pending sign-offs
        :param dict reasons: ``{step id: sentences}`` of the steps that apply now
        """
        if state == "in_review":
            pending = self.current_review_id.signoff_ids.filtered(lambda s: s.state == "pending")
            return [signoff._explain_pending(signers[signoff.id]) for signoff in pending]
        if state == "not_required":
            return []
        sales = self._explain_sales()
        return [sales, *self._explain_first_turn(reasons)]

    def _explain_sales(self):
        names = [{"name": self.user_id.name, "right": "", "stands_in_for": []}]
        return {
            "department": self.env._("Salesperson"),
            "people": names if self.user_id else [],
            "since": as_text(self.current_review_id.decided_at),
            "until": None,
            "question": "",
            "is_asked": True,
        }

    def _explain_first_turn(self, reasons):
        """Return the departments that a submission would ask first. Signatures that still hold
        are only found out then."""
        configuration = self.env["order.review.step"]._get_configuration()
        steps = [configuration[step_id]["copy"] for step_id in reasons]
        turn = min(((step["is_final"], step["sequence"]) for step in steps), default=None)
        steps = [step for step in steps if (step["is_final"], step["sequence"]) == turn]
        departments = self.env["hr.department"].browse(
            step["department_id"] for step in steps if step["department_id"]
        )
        members = departments._get_signing_users()
        own = self.user_id | self.create_uid | self.content_editor_ids
        return [
            self._explain_step_to_come(
                step,
                self.env["res.users"].browse(step["reviewer_ids"])
                or members.get(
                    departments.browse(step["department_id"] or ()).sudo(False),
                    self.env["res.users"],
                ).sudo(),
                own,
            )
            for step in steps
        ]

    def _explain_step_to_come(self, step, users, own):
        able = self.env["order.signoff"]._filter_able_users(users, self.company_id)
        if not step["allow_requester"]:
            able -= own
        return {
            "department": step["name"],
            "people": [
                {"name": user.sudo().name, "right": "", "stands_in_for": []} for user in able
            ],
            "since": None,
            "until": None,
            "question": "",
            "is_asked": False,
        }

    # === WHAT IS MISSING, WHAT WAS LET PASS ===#

    def _explain_missing(self, state):
        """Return what has to be mended before the order can be submitted, in sentences."""
        if state not in ("to_submit", "rejected", "outdated"):
            return []
        return list(self._get_submission_problems()[self])

    def _explain_since(self, state):
        review = self.current_review_id
        if state == "in_review":
            return as_text(review.requested_at)
        return as_text(review.decided_at if state in ("approved", "rejected") else None)

    def _explain_exemption(self):
        """Return who let the order pass without review, when and why, or None."""
        if not self.release_exempt:
            return None
        event = self.event_ids.filtered(lambda event: event.kind == "exempted")[-1:]
        return {
            "reason": self.release_reason or "",
            "by": event.user_id.name or "",
            "at": as_text(event.at),
            "holds": self.state == "sale" or self in self._filter_released(),
        }

    def _has_lapsed_release(self):
        decided_at = self.current_review_id.decided_at
        return bool(decided_at) and self._has_lapsed(decided_at)

    def _explain_accepted(self):
        """Return what was let pass although it was not plainly approved as it is, in sentences."""
        review = self.current_review_id
        accepted = []
        if self.customer_accepted:
            accepted.append(
                self.env._("The customer has accepted it online: it confirms itself when approved.")
            )
        accepted += [s for signoff in review.signoff_ids for s in signoff._explain_accepted()]
        tolerated = self.event_ids.filtered(
            lambda event: event.kind == "tolerated" and event.payload.get("review") == review.id
        )
        if tolerated:
            accepted.append(
                self.env._("Changed %s times within what the departments tolerate.", len(tolerated))
            )
        return accepted


class OrderSignoff(models.Model):
    _inherit = "order.signoff"

    def _explain_pending(self, signers):
        """Return who can sign this, by which right and in whose place.

        :param signers: Signers of this sign-off
        """
        self.ensure_one()
        rights = dict(self.vote_ids._fields["entitlement"]._description_selection(self.env))
        users = self.env["res.users"].browse(signers.able)
        return {
            "department": self.name,
            "people": [
                {
                    "name": user.name,
                    "right": rights.get(signers.able[user.id], signers.able[user.id]),
                    "stands_in_for": (users.browse(signers.roots[user.id]) - user).mapped("name"),
                }
                for user in users
            ],
            "since": as_text(self.pending_since),
            "until": as_text(self.order_id._get_explanation_until(self)),
            "question": self._get_open_question(),
            "is_asked": True,
        }

    def _explain_accepted(self):
        """Return how this was approved where it was not plainly in order, in sentences."""
        self.ensure_one()
        if self.state == "skipped":
            return [self.env._("The rejection of %s was overruled.", self.name)]
        if self.state != "approved":
            return []
        if self.carried_from_id:
            return [
                self.env._(
                    "%(department)s: the signature of round %(number)s still holds.",
                    department=self.name,
                    number=self.carried_from_id.review_id.number,
                )
            ]
        doubts = self.answer_ids.filtered(lambda a: a.result in ("fail", "unknown"))
        if not doubts:
            return []
        return [
            self.env._(
                "%(department)s approved although this is not in order: %(questions)s.",
                department=self.name,
                questions=", ".join(doubts.mapped("name")),
            )
        ]
