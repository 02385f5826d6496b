from odoo import fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from ..review import activities
from ..review.proposal import Proposal
from .stock_queue import Take
from .stock_world import read_world

# Activities that say what a requester has to do, until the expedite goes on
TASKS = ["expedite_refused", "expedite_outdated", "expedite_failed", "question"]


class OrderExpedite(models.Model):
    """The round of an expedite: submitted with its price, decided, cancelled (R-177 .. R-181)."""

    _inherit = "order.expedite"

    # === SUBMITTING ===#

    def action_submit(self):
        """Ask those who decide on expedites, with the price as it is at this moment.

        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when one is no draft, was not simulated, or gives no reason
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        self._check_submission()
        for expedite in self:
            expedite._submit()
        return True

    def _check_submission(self):
        """:raise UserError: one line an expedite with everything that has to be mended first."""
        lines = [
            self.env._("%(name)s: %(problems)s", name=expedite.name, problems=" ".join(problems))
            for expedite in self
            if (problems := expedite._get_submission_problems())
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_submission_problems(self):
        """Return what keeps this expedite from being submitted, in sentences."""
        self.ensure_one()
        if self.state != "draft":
            return [self.env._("Only a draft is submitted.")]
        problems = []
        # sudo: the state of the order, whoever goes on with the expedite
        if self.sudo().order_id.state != "sale":
            problems.append(self.env._("%s is not confirmed any more.", self.order_id.name))
        if not self.env["order.signoff"]._clean_text(self.reason):
            problems.append(self.env._("Write why the order cannot wait."))
        day = fields.Datetime.context_timestamp(self, self.needed_by).date()
        if day < fields.Date.context_today(self):
            problems.append(self.env._("The day it is needed by is past: say another one."))
        if not self.scenario:
            problems.append(self.env._("Simulate it first, so that everybody sees the price."))
        return problems

    def _submit(self):
        """Open the round of this expedite, in the name of the user."""
        self.ensure_one()
        # sudo: rounds, stamps and the stock as a whole, for an expedite that the user may submit
        expedite = self.sudo()
        scenario = expedite.scenario
        expedite._simulate()
        if expedite.scenario != scenario:
            raise UserError(
                self.env._(
                    "%s: the stock has changed, so that the way you chose is not there any more."
                    " Simulate again and choose.",
                    self.name,
                )
            )
        order = expedite.order_id
        as_process(expedite).write(
            {
                "state": "submitted",
                "requested_by": self.env.uid,
                "requested_at": fields.Datetime.now(),
                "review_id": False,
            }
        )
        editors = [(4, id_) for id_ in expedite.editor_ids.ids]
        as_process(order).write({"content_editor_ids": editors})
        expedite._close_tasks()
        expedite._log(self.env._("Submitted: %s", self.reason))
        expedite._open_round()

    def _open_round(self):
        order, steps = self.order_id, self.env["order.review.step"]
        steps = steps._get_steps_for("expedite", order)
        history = self.env["order.review"]._read_history(order)
        outcomes = order._run_review_checks({order.id: steps})[order.id]
        words = order._get_review_snapshots()[order.id][1]
        proposal = Proposal(
            self,
            order,
            self._prepare_content(),
            {**words, "expedite": self._prepare_words()},
            steps._ids or (False,),
            subject="expedite",
            outcomes=outcomes,
        )
        entries = [(order, "expedite_submitted", self._get_payload())]
        _reviews, closed = self.env["order.review"]._open_and_advance([proposal], history, entries)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()

    # === WHAT BECOMES OF ITS ROUND (as superuser) ===#

    def _on_review_opened(self, review):
        """Called by ``order.review`` as soon as a round of this expedite exists."""
        as_process(self).review_id = review

    def _filter_drifted_reviews(self, reviews):
        """Return those of ``reviews`` whose price is worse than what is signed; called before the
        last signature counts."""
        drifted = reviews.browse()
        for expedite in self:
            for review in reviews.filtered(lambda r, e=expedite: r.res_id == e.id):
                if expedite.review_id != review or expedite._get_worse_words():
                    drifted |= review
        return drifted

    def _get_worse_words(self):
        """Return in sentences what is worse now than when it was submitted, or an empty list."""
        self.ensure_one()
        if self.order_id.state != "sale":
            return [self.env._("%s is not confirmed any more.", self.order_id.name)]
        world = read_world(self.order_id, fields.Datetime.now())
        return self._compare_world(world)

    def _get_takes(self):
        """Return the :class:`Take` of the way that is asked for."""
        self.ensure_one()
        return [Take(*take) for take in (self._get_scenario(self.scenario) or {})["takes"]]

    def _on_review_decided(self, reviews):
        """Called by ``order.review`` when rounds of these expedites are closed and it is on
        record.

        :param reviews: the closed rounds, in state approved, rejected, cancelled or superseded
        """
        decided = reviews.filtered(lambda r: r.state in ("approved", "rejected"))
        decided.filtered(
            lambda r: any(s._has_open_question() for s in r.signoff_ids)
        )._close_questions()
        for review in reviews:
            expedite = review._get_expedite().filtered(
                lambda e, review=review: e.review_id == review and e.state == "submitted"
            )
            if review.state == "approved":
                expedite._approve()
            elif review.state == "rejected":
                expedite._refuse(review)
            elif review.state == "superseded":
                expedite._outdate()

    def _approve(self):
        """Everybody who had to has signed: apply it at once."""
        for expedite in self:
            as_process(expedite).state = "approved"
            expedite._log_events("expedite_approved")
            expedite._try_to_apply()

    def _refuse(self, review):
        for expedite in self:
            as_process(expedite).state = "refused"
            expedite._log_events("expedite_refused")
            rejection = review.signoff_ids.filtered(lambda s: s.state == "rejected")[:1]
            expedite._log(
                self.env._(
                    "Refused by %(department)s: %(reason)s",
                    department=rejection.name,
                    reason=rejection.comment,
                )
            )
            expedite._plan_task(
                "expedite_refused",
                self.env._("%s refused: correct the request or cancel it", rejection.name),
            )

    def _outdate(self):
        """It would cost others more than what was signed: back to who requested it."""
        for expedite in self:
            words = " ".join(expedite._get_worse_words())
            as_process(expedite).state = "draft"
            expedite._log_events("expedite_outdated")
            expedite._log(
                self.env._(
                    "The stock has changed for the worse meanwhile: %s Simulate and submit it"
                    " again.",
                    words,
                )
            )
            expedite._plan_task(
                "expedite_outdated",
                self.env._("The stock has changed: simulate and submit again"),
            )

    # === CORRECTING AND CANCELLING ===#

    def action_correct(self):
        """Make drafts of refused expedites, to be corrected and submitted again.

        :return: True
        :raise UserError: for what was not refused
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        if self.filtered(lambda expedite: expedite.state != "refused"):
            raise UserError(self.env._("Only a refused expedite is corrected."))
        # sudo: process field
        as_process(self.sudo()).write({"state": "draft"})
        self.sudo()._close_tasks()
        return True

    def action_cancel(self):
        """Take expedites back that are not applied; nobody need look at them any more.

        :return: True
        :raise UserError: for what is applied, reverted or cancelled already
        """
        self._check_may_act()
        if self.filtered(lambda e: e.state in ("applied", "reverted", "cancelled")):
            raise UserError(
                self.env._("What was applied is reverted, not cancelled; what is over stays so.")
            )
        # sudo: rounds and stamps, for expedites that the user may cancel
        self.sudo()._cancel()
        return True

    def _cancel(self):
        """End these expedites and their running rounds, whoever asks."""
        self.env["order.ledger"]._lock(self.order_id)
        entries = [(e.order_id, "expedite_cancelled", e._get_payload()) for e in self]
        running = self.review_id.filtered(lambda review: review.state == "in_progress")
        running._close("cancelled", entries)
        running._close_questions()
        approved = self.filtered(lambda expedite: expedite.state == "approved").review_id
        approved.write({"is_void": True})
        self.env["order.ledger"]._append(entries)
        as_process(self).write({"state": "cancelled"})
        self._close_tasks()
        self._log(self.env._("Cancelled"))

    # === TELLING ===#

    def _log_events(self, kind):
        self.env["order.ledger"]._append([(e.order_id, kind, e._get_payload()) for e in self])

    def _log(self, body):
        """Say in the history of the expedites and of their orders what happened; mail nobody."""
        author_id = self.env.user.partner_id.id
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body), author_id=author_id)
        bodies = {
            expedite.order_id.id: self.env._(
                "Expedite %(name)s: %(text)s", name=expedite.name, text=body
            )
            for expedite in self
        }
        self.order_id._message_log_batch(bodies=bodies, author_id=author_id)

    def _plan_task(self, kind, summary):
        """Put on the requester's list what is to be done now."""
        self.ensure_one()
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": kind,
                    "summary": f"{self.name}: {summary}",
                    "user_id": self.requested_by.id,
                }
            ],
        )

    def _close_tasks(self):
        activities.close(self, kinds=TASKS)
