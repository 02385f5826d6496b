from odoo import fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from ..review import snapshot
from ..review.proposal import Proposal
from .simulation import Outcome, rename_lines, undone


class OrderChange(models.Model):
    """The round of a change: submitted with exactly what it would make of the order, decided,
    withdrawn."""

    _inherit = "order.change"

    # === SUBMITTING ===#

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
        change._log(self.env._("Submitted: %s", self.reason))
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

    def _get_outdated_words(self):
        return (
            self.env._(
                "The order was changed meanwhile, so that this change would make something"
                " else of it than what was signed. Look at it and submit it again."
            ),
            self.env._("The order was changed meanwhile: submit the change again"),
        )

    # === WITHDRAWING ===#

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
        self._take_back("withdrawn", self.env._("Withdrawn"))

    def _get_order_sentence(self, text):
        return self.env._("Change %(change)s: %(text)s", change=self.name, text=text)
