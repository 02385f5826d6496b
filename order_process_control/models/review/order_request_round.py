import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..order.process_token import as_process

_logger = logging.getLogger(__name__)


class OrderRequestMixin(models.AbstractModel):
    """The round of a request: submitted, decided, applied, corrected or taken back."""

    _inherit = "order.request.mixin"

    # === SUBMITTING ===#

    def action_submit(self):
        """Ask those who decide on these requests.

        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: one line a request with everything that has to be mended first
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        self._check_submission()
        for request in self:
            request._submit()
        return True

    def _check_submission(self):
        lines = [
            self.env._("%(name)s: %(problems)s", name=request.name, problems=" ".join(problems))
            for request in self
            if (problems := request._get_submission_problems())
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_submission_problems(self):
        """Return what keeps this request from being submitted, in sentences."""
        raise NotImplementedError

    def _submit(self):
        """Open the round of this request, in the name of the user."""
        raise NotImplementedError

    # === WHAT BECOMES OF ITS ROUND (as superuser) ===#

    def _on_review_opened(self, review):
        """Called by ``order.review`` as soon as a round of this request exists."""
        as_process(self).review_id = review

    def _on_review_decided(self, reviews):
        """Called by ``order.review`` when rounds of these requests are closed and it is on
        record.

        :param reviews: the closed rounds, in state approved, rejected, cancelled or superseded
        """
        decided = reviews.filtered(lambda r: r.state in ("approved", "rejected"))
        decided.filtered(
            lambda r: any(s._has_open_question() for s in r.signoff_ids)
        )._close_questions()
        # sudo: whoever signed last
        by_review = self.sudo().filtered(lambda r: r.state == "submitted").grouped("review_id")
        for review in reviews.sudo():
            request = by_review.get(review, self.browse())
            if review.state == "approved":
                request._approve()
            elif review.state == "rejected":
                request._refuse(review)
            elif review.state == "superseded":
                request._outdate()

    def _approve(self):
        """Everybody who had to has signed: apply it at once."""
        for request in self:
            as_process(request).state = "approved"
            request._log_events("approved")
            request._try_to_apply()

    def _refuse(self, review):
        """A department has refused: the requester reads why."""
        rejection = review.signoff_ids.filtered(lambda s: s.state == "rejected")[:1]
        for request in self:
            as_process(request).state = "refused"
            request._log_events("refused")
            request._log(
                self.env._(
                    "Refused by %(department)s: %(reason)s",
                    department=rejection.name,
                    reason=rejection.comment,
                )
            )
            request._plan_task(
                "refused",
                self.env._("%s refused: correct the request or take it back", rejection.name),
            )

    def _outdate(self):
        """It is not what was signed any more: back to who requested it."""
        for request in self:
            sentence, summary = request._get_outdated_words()
            as_process(request).state = "draft"
            request._log_events("outdated")
            request._log(sentence)
            request._plan_task("outdated", summary)

    def _get_outdated_words(self):
        """Return (what has happened, what is to be done) when it has to be submitted again."""
        raise NotImplementedError

    # === APPLYING ===#

    def action_apply(self):
        """Apply approved requests that could not be applied when they were approved.

        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when one is not approved, or the world is not what it was approved for
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        waiting = self.filtered(lambda request: request.state != "approved")
        if waiting:
            raise UserError(
                self.env._(
                    "%s is not approved: only what was approved is applied.",
                    ", ".join(waiting.mapped("name")),
                )
            )
        for request in self.sudo():  # orders and stock as a whole, for what was agreed on
            request._apply()
        return True

    def _try_to_apply(self):
        """Apply in a savepoint, so that the last signature stands whatever happens; on failure
        the requester is told. What the database wants repeated is raised."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._apply()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except UserError as error:
            self._tell_failure(str(error))
        except Exception:
            _logger.exception("%s was approved but could not be applied", self.name)
            self._tell_failure(
                self.env._("a technical error, which your administrator finds in the log")
            )

    def _tell_failure(self, reason):
        self._log(self.env._("Approved, but not applied: %s", reason))
        self._plan_task("failed", self.env._("Approved, but not applied: open it and apply it"))

    def _apply(self):
        """Do what was approved (as superuser).

        :raise UserError: with the difference, when the world is not what it was approved for
        """
        raise NotImplementedError

    # === CORRECTING AND TAKING BACK ===#

    def action_correct(self):
        """Make drafts of refused requests, to be corrected and submitted again.

        :return: True
        :raise UserError: for what was not refused
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        if self.filtered(lambda request: request.state != "refused"):
            raise UserError(self.env._("Only a refused request is corrected."))
        # sudo: process field
        as_process(self.sudo()).write({"state": "draft"})
        self.sudo()._close_tasks()
        return True

    def _take_back(self, state, words):
        """End these requests and their running rounds, whoever asks (as superuser).

        :param str state: which they have then, and what the ledger calls it
        :param str words: what the history says
        """
        self.env["order.ledger"]._lock(self.order_id)
        kind = f"{self._request_subject}_{state}"
        entries = [(request.order_id, kind, request._get_payload()) for request in self]
        running = self.review_id.filtered(lambda review: review.state == "in_progress")
        running._close("cancelled", entries)
        running._follow_clocks()
        running._close_questions()
        # What was signed for something that never came about holds for nothing
        approved = self.filtered(lambda request: request.state == "approved").review_id
        approved.write({"is_void": True})
        self.env["order.ledger"]._append(entries)
        as_process(self).write({"state": state})
        self._close_tasks()
        self._log(words)


class OrderReview(models.Model):
    """Rounds whose subject is a request about a confirmed order."""

    _inherit = "order.review"

    def _filter_requests(self):
        return self.filtered(lambda r: hasattr(self.env[r.res_model], "_request_subject"))

    def _is_acted_upon(self):
        if self._filter_requests():
            # sudo: who reads the round may know what has become of its request
            return self._get_subject().sudo().state not in ("submitted", "refused")
        return super()._is_acted_upon()

    def _on_reopened(self):
        own = self._filter_requests()
        for res_model, reviews in own.grouped("res_model").items():
            # sudo: process fields, for who takes back the decision
            requests = self.env[res_model].sudo().browse(reviews.mapped("res_id"))
            as_process(requests).write({"state": "submitted"})
            requests._close_tasks()
        return super(OrderReview, self - own)._on_reopened()
