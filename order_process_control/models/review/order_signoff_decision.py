from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError

from ..order.visible_text import is_visible
from . import activities

TEXT_LIMIT = 10_000


class OrderSignoff(models.Model):
    """Deciding: approve or reject, alone or together with others of the department."""

    _inherit = "order.signoff"

    def action_open_decision(self):
        """Open the decision screen of one sign-off.

        :return: a window action
        :raise UserError: when the user may not decide, with who may.
        """
        self._check_one()
        reason = self._get_cannot_decide_reasons()[self.id]
        if reason:
            raise UserError(reason)
        self._refresh_facts()
        wizard = self.env["order.signoff.decision"]._get_draft(self)
        return wizard._get_records_action(name=self.display_name, target="new")

    def action_approve(self, comment=None, answers=None, details=None):
        """Sign for the department: it can keep what the order promises.

        :param str comment: free text; required where a check failed or could not be made, and to
            overrule a rejection
        :param list answers: one dict for each answered criterion: ``id`` of the
            ``order.signoff.answer``, ``result`` (``pass`` / ``fail`` / ``not_applicable``) and
            optionally ``note``
        :param dict details: ``lead_time_days`` (working days the department needs, R-111),
            ``proposed_date`` (the date it can keep), ``open_points`` (list of dicts ``name``,
            ``user_id``, ``date_deadline``: what has to be done before delivery, R-112)
        :return: True
        :raise AccessError: when the user may not read the sign-offs
        :raise UserError: when the user may not decide, a mandatory answer or a required comment
            is missing, a question is open, or the order was changed since it was submitted
        """
        return self._decide("approved", comment, answers, details)

    def action_reject(self, comment, answers=None, details=None):
        """Refuse for the department; the round is rejected and goes back to sales (R-092).

        :param str comment: the reason, never blank
        :param list answers: as for :meth:`action_approve`
        :param dict details: as for :meth:`action_approve`; ``proposed_date`` is a counter-offer
        :return: True
        :raise UserError: without a reason, or as for :meth:`action_approve`
        """
        return self._decide("rejected", comment, answers, details)

    def _decide(self, decision, comment, answers, details=None):
        self = self.browse(dict.fromkeys(self._ids))  # each once
        comment = self._clean_text(comment)
        # sudo: rounds are read whole and are not writable for anybody
        signoffs = self.sudo()._load_rounds()
        self.env["order.ledger"]._lock(signoffs.order_id)
        signers = signoffs.review_id.signoff_ids._get_signers()
        self._check_may_decide(signers)
        # From here on the caller is entitled
        signoffs.answer_ids._record(answers or [])
        signoffs._check_decision(decision, comment)
        entries = signoffs._record_votes(decision, comment, signers)
        decided = signoffs.filtered(
            lambda s: decision == "rejected" or signers[s.id].is_enough(s, self.env.uid)
        )
        # Also of who is not the last to sign: what they add holds for the department
        signoffs._record_details(decision, details)
        decided._record_result(decision, comment)
        left = signoffs._close_tasks_of_decision(decided, signers)
        closed = decided.review_id._advance(entries, signers)
        decided.review_id._follow_clocks(closed)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()
        left = left.filtered(lambda s: s.state == "pending")
        if left:
            left._refresh_bells(left._get_signers())
        return True

    def _load_rounds(self):
        """Read these sign-offs, their rounds and all sign-offs of them at once."""
        rounds = self.search_fetch([("review_id.signoff_ids", "in", self.ids)])
        self._check_known(rounds)
        field = self.env["order.review"]._fields["signoff_ids"]
        for review, signoffs in rounds.grouped("review_id").items():
            field._update_cache(review, signoffs._ids)
        answers = self.env["order.signoff.answer"].search_fetch([("signoff_id", "in", self.ids)])
        by_signoff = answers.grouped("signoff_id")
        for signoff in self:
            found = by_signoff.get(signoff, answers.browse())
            self._fields["answer_ids"]._update_cache(signoff, found._ids)
        return self

    @api.model
    def _clean_text(self, text):
        """Return what somebody wrote as text; what shows nothing on a screen is nothing."""
        if text and not isinstance(text, str):
            raise UserError(self.env._("Write the comment as text."))
        # Half of a surrogate pair is valid JSON, but no text that a database could keep
        text = (text or "").replace("\0", "").encode("utf-8", "ignore").decode().strip()
        if len(text) > TEXT_LIMIT:
            raise UserError(
                self.env._("The comment is too long: at most %s characters.", TEXT_LIMIT)
            )
        return text if any(map(is_visible, text)) else ""

    @api.model
    def _clean_id(self, id_):
        """Return ``id_`` if the database can look it up, else 0."""
        return id_ if type(id_) is int and 0 < id_ < 2**31 else 0

    def _check_known(self, known):
        """
        :raise MissingError: unless all of these are among the ``known`` sign-offs
        """
        if not all(self._ids) or self - known:
            raise MissingError(self.env._("This sign-off does not exist: reload the page."))

    def _check_one(self):
        """
        :raise UserError: unless it is exactly one sign-off
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one sign-off."))

    def _check_may_decide(self, signers):
        reasons = [r for r in self._get_cannot_decide_reasons(signers).values() if r]
        if reasons:
            # Who may not even read it learns nothing of it
            self.check_access("read")
        for signoffs in self.sudo().grouped("review_id").values():
            if len(signoffs) > 1 and not all(signoffs.mapped("allow_requester")):
                reasons.append(
                    self.env._(
                        "%s: one person signs for one department of an order. Choose one.",
                        ", ".join(signoffs.mapped("display_name")),
                    )
                )
        if reasons:
            raise UserError("\n".join(reasons))

    def _check_decision(self, decision, comment):
        if decision == "rejected":
            if not comment:
                raise UserError(
                    self.env._(
                        "Give the reason for the rejection in the comment, so that sales can act"
                        " on it."
                    )
                )
            return
        problems = [problem for s in self if (problem := s._get_approval_problem(comment))]
        if problems:
            raise UserError("\n".join(problems))

    def _get_approval_problem(self, comment, all_in_order=False):
        """Return what keeps this sign-off from being approved, in a sentence, or False.

        :param bool all_in_order: the questions not answered yet will be answered so
        """
        self.ensure_one()
        if self._has_open_question():
            return self.env._(
                "%(signoff)s: your question is not answered yet. Wait for the answer of"
                " %(person)s, or reject.",
                signoff=self.display_name,
                person=self.requested_by.name,
            )
        missing = self.answer_ids.filtered(lambda a: a.is_required and not a.result)
        if missing and not all_in_order:
            return self.env._(
                "%(signoff)s: please answer first:%(questions)s",
                signoff=self.display_name,
                questions="".join(f"\n- {name}" for name in missing.mapped("name")),
            )
        doubts = self.answer_ids.filtered(lambda a: a.result in ("fail", "unknown"))
        if doubts and not comment:
            return self.env._(
                "%(signoff)s: write in the comment why you approve although this is not"
                " in order:%(questions)s",
                signoff=self.display_name,
                questions="".join(f"\n- {name}" for name in doubts.mapped("name")),
            )
        if self.is_final and self.review_id.overrules_id and not comment:
            return self.env._(
                "%s: write in the comment why you overrule the rejection.", self.display_name
            )
        return False

    def _record_votes(self, decision, comment, signers):
        """Keep who decided what by which right.

        :return: the entries for the ledger
        """
        now = self._get_decision_time()
        self.env["order.signoff.vote"].sudo()._insert_rows(
            [
                {
                    "signoff_id": signoff.id,
                    "user_id": self.env.uid,
                    "decision": decision,
                    "comment": comment,
                    "voted_at": now,
                    "entitlement": signers[signoff.id].able[self.env.uid],
                }
                for signoff in self
            ]
        )
        self.env["order.signer.mixin"]._forget_signers()
        return [
            (
                signoff.order_id,
                decision,
                {
                    "signoff": signoff.id,
                    "review": signoff.review_id.id,
                    "hash": signoff.fingerprint,
                    "comment": signoff.order_id._get_fingerprint(comment),
                },
            )
            for signoff in self
        ]

    @api.model
    def _get_decision_time(self):
        """Return the one moment of this transaction, to the second, in UTC."""
        return self.env.cr.now().replace(microsecond=0)

    def _record_details(self, decision, details):
        """Keep what a client gave beside the decision; what it did not give stays as it was."""
        vals = self._prepare_detail_vals(details or {})
        given = {name: value for name, value in vals.items() if value}
        if given:
            self.write(given)

    def _record_result(self, decision, comment):
        vals = {
            "state": decision,
            "comment": comment,
            "decided_by": self.env.uid,
            "decided_at": self._get_decision_time(),
        }
        self._update_rows([vals] * len(self))

    @api.model
    def _prepare_detail_vals(self, details):
        """Return the clean values of what a client gave beside the decision.

        :raise UserError: for a value that is none
        """
        try:
            lead_time = float(details.get("lead_time_days") or 0.0)
            proposed = fields.Date.to_date(details.get("proposed_date") or None)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise UserError(
                self.env._("Give the time needed in days and the date offered as a date.")
            ) from error
        if not 0.0 <= lead_time < 10_000:
            raise UserError(self.env._("The time needed cannot be negative."))
        return {"lead_time_days": lead_time, "proposed_date": proposed}

    def _close_tasks_of_decision(self, decided, signers):
        """End everybody's activity on what is decided, and the signer's own on the others:
        one person signs for one department.

        :return: the others, where somebody else may have to be asked, or nobody is left
        """
        others = self.review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        mine = others.filtered(
            lambda s: self.env.uid in signers[s.id].able and (s in self or not s.allow_requester)
        )
        activities.close_decided(decided, mine, self.env.uid)
        for signoff in self.review_id.signoff_ids:
            if signoff in self or not signoff.allow_requester:
                signers[signoff.id].bar(self.env.uid)
        return (mine - self).filtered(
            lambda s: s.decision_rule in ("all", "number") or not signers[s.id].able
        )
