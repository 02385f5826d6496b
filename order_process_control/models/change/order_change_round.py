from odoo import fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from ..review import activities, snapshot
from ..review.proposal import Proposal
from .simulation import Outcome, rename_lines, undone

# Activities that say what a requester has to do, until the change goes on
TASKS = ["change_refused", "change_outdated", "change_failed", "question"]


class OrderChange(models.Model):
    """The round of a change: submitted with exactly what it would make of the order, decided,
    withdrawn."""

    _inherit = "order.change"

    # === SUBMITTING ===#

    def action_submit(self):
        """Ask the departments that the change concerns; what none has to sign is applied at once.

        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when a change is no draft, changes nothing, or cannot be made
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        self._check_submission()
        for change in self:
            change._submit()
        return True

    def _check_submission(self):
        """:raise UserError: one line a change with everything that has to be mended first."""
        lines = [
            self.env._("%(change)s: %(problems)s", change=change.name, problems=" ".join(problems))
            for change in self
            if (problems := change._get_submission_problems())
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_submission_problems(self):
        """Return what keeps this change from being submitted, in sentences."""
        self.ensure_one()
        if self.state != "draft":
            return [self.env._("Only a draft is submitted.")]
        problems = self._get_order_problems()
        if not self.env["order.signoff"]._clean_text(self.reason):
            problems.append(self.env._("Write why the order shall be changed."))
        return problems

    def _get_order_problems(self):
        """Return what stands against the change as the order is now, in sentences."""
        self.ensure_one()
        # sudo: facts of the order, whoever goes on with the change
        order = self.sudo().order_id
        if order.state != "sale":
            return [self.env._("%s is not confirmed any more.", order.name)]
        problems = self.line_ids._get_problems()
        if not self.partner_invoice_id or not self.partner_shipping_id:
            problems.append(self.env._("Choose an invoice address and a delivery address."))
        promised = self.commitment_date
        if promised and promised != order.commitment_date:
            day = fields.Datetime.context_timestamp(self, promised).date()
            if day < fields.Date.context_today(self):
                problems.append(
                    self.env._("The promised delivery date is in the past: agree on another date.")
                )
        return problems

    def _submit(self):
        """Open the round of this change, in the name of the user."""
        self.ensure_one()
        # sudo: rounds, stamps and the whole order, for a change that the user may submit
        change = self.sudo()
        order = change.order_id
        before = order._get_review_snapshots()[order.id]
        history = self.env["order.review"]._read_history(order)
        outcome = change._simulate(self.env.user, history)
        if order._get_fingerprint(before[0]) == order._get_fingerprint(outcome.content):
            raise UserError(
                self.env._(
                    "%s changes nothing: enter the new date, address, price or quantity first.",
                    self.name,
                )
            )
        as_process(change).write(self._prepare_submission_vals(before, outcome))
        as_process(order).write({"content_editor_ids": [(4, id_) for id_ in change.editor_ids.ids]})
        change._close_tasks()
        change._log_change(self.env._("Submitted: %s", self.reason))
        change._open_round(outcome, before, history)

    def _prepare_submission_vals(self, before, outcome):
        return {
            "state": "submitted",
            "requested_by": self.env.uid,
            "requested_at": fields.Datetime.now(),
            "before": {"content": before[0], "snapshot": before[1]},
            "after": {"content": outcome.content, "snapshot": outcome.snapshot},
            "proposed": self._get_proposed(),
            "review_id": False,
        }

    def _open_round(self, outcome, before, history):
        """Ask the departments, or go on at once where none has to be asked."""
        order = self.order_id
        entries = [(order, "change_submitted", self._get_payload())]
        closed = self.env["order.review"]
        if outcome.step_ids:
            proposal = Proposal(
                self,
                order,
                outcome.content,
                outcome.snapshot,
                outcome.step_ids,
                subject="change",
                outcomes=outcome.outcomes,
                before=before,
            )
            _reviews, closed = closed._open_and_advance([proposal], history, entries)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()
        if not outcome.step_ids:
            self._approve()

    def _get_payload(self):
        self.ensure_one()
        payload = {
            "change": self.id,
            "review": self.review_id.id,
            "hash": self.order_id._get_fingerprint((self.after or {}).get("content")),
        }
        if self.review_id and self.state == "applied":
            # What was signed, with the ids that new lines got by being applied
            payload["signed"] = self.order_id._get_fingerprint(self.review_id.content)
        return payload

    # === WHAT IT WOULD DO ===#

    def _simulate(self, user, history=None):
        """Return the :class:`Outcome` of this change (as superuser), and leave no trace of it.

        :param history: see ``order.review._read_history``; None to read the content only
        :raise UserError: what Odoo says when the order cannot be changed like that
        """
        self.ensure_one()
        with undone(self.env):
            order, new_lines = self._write_order(user, skip_procurement=True, tracking_disable=True)
            content, words = order._get_review_snapshots()[order.id]
            content, words = rename_lines(content, words, new_lines)
            if history is None:
                return Outcome(content, words, ())
            steps = self.env["order.review.step"]._get_steps_by_order(order, history)
            outcomes = order._run_review_checks(steps)
            order._check_blocking(steps, outcomes)
            return Outcome(content, words, steps[order.id]._ids, outcomes[order.id])

    def _get_before(self):
        """Return (content, snapshot) of the order as it was when this was submitted."""
        before = self.before or {}
        return before.get("content"), before.get("snapshot")

    def _get_diff(self):
        """Return what the submitted change does, in words; see :func:`snapshot.get_diff`."""
        after = self.after or {}
        return snapshot.get_diff(
            self.env["sale.order"],
            self._get_before(),
            (after.get("content"), after.get("snapshot")),
        )

    # === WHAT BECOMES OF ITS ROUND (as superuser) ===#

    def _on_review_opened(self, review):
        """Called by ``order.review`` as soon as a round of this change exists."""
        as_process(self).review_id = review

    def _filter_drifted_reviews(self, reviews):
        """Return those of ``reviews`` whose change would make something else of the order than
        what is signed; called before the last signature counts."""
        drifted = reviews.browse()
        for change in self:
            for review in reviews.filtered(lambda r, change=change: r.res_id == change.id):
                if change._get_drift(review):
                    drifted |= review
        return drifted

    def _get_drift(self, review):
        """Return what has come between a change and its signatures, in a sentence, or False.

        What every department tolerates is bound to the round and logged.
        """
        self.ensure_one()
        if self.review_id != review:
            return self.env._("It was submitted again.")
        problems = self._get_order_problems()
        if problems:
            return " ".join(problems)
        try:
            outcome = self._simulate(self.requested_by)
        except UserError as error:
            return str(error)
        if review._is_bound_to(self.order_id._get_fingerprint(outcome.content)):
            return False
        if review._is_tolerated(outcome.content):
            review._bind(outcome.content)
            return False
        return self._get_drift_words(outcome.content, outcome.snapshot)

    def _get_drift_words(self, content, words):
        """Return in a sentence what differs between what was agreed and ``content``."""
        after = self.after or {}
        agreed = (after.get("content"), after.get("snapshot"))
        rows = snapshot.get_diff(self.env["sale.order"], agreed, (content, words))
        differences = "; ".join(
            self.env._(
                "%(what)s: agreed %(before)s, now %(after)s",
                what=f"{row['where']} {row['label']}".strip(),
                before=row["before"] or "-",
                after=row["after"] or "-",
            )
            for row in rows
        )
        return self.env._(
            "The order was changed meanwhile, so that the result would not be what was agreed"
            " (%s). Submit the change again.",
            differences,
        )

    def _on_review_decided(self, reviews):
        """Called by ``order.review`` when rounds of these changes are closed and it is on record.

        :param reviews: the closed rounds, in state approved, rejected, cancelled or superseded
        """
        decided = reviews.filtered(lambda r: r.state in ("approved", "rejected"))
        decided.filtered(
            lambda r: any(s._has_open_question() for s in r.signoff_ids)
        )._close_questions()
        for review in reviews:
            change = review._get_change().filtered(
                lambda c, review=review: c.review_id == review and c.state == "submitted"
            )
            if review.state == "approved":
                change._approve()
            elif review.state == "rejected":
                change._refuse(review)
            elif review.state == "superseded":
                change._outdate()

    def _approve(self):
        """Everybody who had to has signed: apply it at once."""
        for change in self:
            as_process(change).state = "approved"
            change._log_events("change_approved")
            change._try_to_apply()

    def _refuse(self, review):
        for change in self:
            as_process(change).state = "refused"
            change._log_events("change_refused")
            rejection = review.signoff_ids.filtered(lambda s: s.state == "rejected")[:1]
            change._log_change(
                self.env._(
                    "Refused by %(department)s: %(reason)s",
                    department=rejection.name,
                    reason=rejection.comment,
                )
            )
            change._plan_task(
                "change_refused",
                self.env._("%s refused: correct the change or withdraw it", rejection.name),
            )

    def _outdate(self):
        """The order is not what the change was made for: back to who requested it."""
        for change in self:
            as_process(change).state = "draft"
            change._log_events("change_outdated")
            change._log_change(
                self.env._(
                    "The order was changed meanwhile, so that this change would make something"
                    " else of it than what was signed. Look at it and submit it again."
                )
            )
            change._plan_task(
                "change_outdated",
                self.env._("The order was changed meanwhile: submit the change again"),
            )

    # === CORRECTING AND WITHDRAWING ===#

    def action_correct(self):
        """Make drafts of refused changes, to be corrected and submitted again.

        :return: True
        :raise UserError: for what was not refused
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        if self.filtered(lambda change: change.state != "refused"):
            raise UserError(self.env._("Only a refused change is corrected."))
        # sudo: process field
        as_process(self.sudo()).write({"state": "draft"})
        self.sudo()._close_tasks()
        return True

    def action_withdraw(self):
        """Take changes back that are not applied; departments need not look at them any more.

        :return: True
        :raise UserError: for what is applied or withdrawn already
        """
        self._check_may_act()
        if self.filtered(lambda change: change.state in ("applied", "withdrawn")):
            raise UserError(self.env._("What was applied or withdrawn cannot be withdrawn."))
        # sudo: rounds and stamps, for changes that the user may withdraw
        self.sudo()._withdraw()
        return True

    def _withdraw(self):
        """End these changes and their running rounds, whoever asks."""
        self.env["order.ledger"]._lock(self.order_id)
        entries = [(change.order_id, "change_withdrawn", change._get_payload()) for change in self]
        running = self.review_id.filtered(lambda review: review.state == "in_progress")
        running._close("cancelled", entries)
        running._close_questions()
        # What was signed for something that never came about holds for nothing
        approved = self.filtered(lambda change: change.state == "approved").review_id
        approved.write({"is_void": True})
        self.env["order.ledger"]._append(entries)
        as_process(self).write({"state": "withdrawn"})
        self._close_tasks()
        self._log_change(self.env._("Withdrawn"))

    # === TELLING ===#

    def _log_events(self, kind):
        self.env["order.ledger"]._append(
            [(change.order_id, kind, change._get_payload()) for change in self]
        )

    def _log_change(self, body):
        """Say in the history of the changes and of their orders what happened; mail nobody."""
        author_id = self.env.user.partner_id.id
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body), author_id=author_id)
        bodies = {
            change.order_id.id: self.env._(
                "Change %(change)s: %(text)s", change=change.name, text=body
            )
            for change in self
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
