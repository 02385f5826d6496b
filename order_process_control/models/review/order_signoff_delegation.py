from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from . import activities


class OrderSignoff(models.Model):
    """When the one who was asked is not the one who signs: delegation, leavers, mis-clicks."""

    _inherit = "order.signoff"

    delegate_id = fields.Many2one("res.users", string="Delegated to", readonly=True, index=True)
    delegated_by = fields.Many2one("res.users", readonly=True)
    delegated_until = fields.Datetime(readonly=True)
    can_undo = fields.Boolean(compute="_compute_can_undo")

    # === DELEGATION ===#

    def action_delegate(self, user_id, until):
        """Let somebody else sign as well, until a moment; who was asked still can.

        :param int user_id: an internal user with the right to sign, bound by the same rules
        :param until: date (to its end, in the caller's time zone) or date and time in UTC
        :return: True
        :raise UserError: when the caller may not decide, or signs for somebody else only, or the
            delegate could not sign
        """
        # sudo: rounds are read whole and are not writable for anybody
        signoffs = self.sudo()._load_rounds()
        self.env["order.ledger"]._lock(signoffs.order_id)
        signers = signoffs._get_signers()
        self._check_may_decide(signers)
        self._check_may_delegate(signers)
        signoffs._delegate_to(self._get_delegate(user_id), self._parse_until(until))
        return True

    def _delegate_to(self, delegate, until):
        """Let ``delegate`` sign these sign-offs (as superuser, whose ledgers are locked) until a
        moment, in the name of the user.

        :raise UserError: when the delegate could not sign one of them
        """
        self.write(
            {
                "delegate_id": delegate.id,
                "delegated_by": self.env.uid,
                "delegated_until": until,
            }
        )
        signers = self._get_signers()
        unable = self.filtered(lambda s: delegate.id not in signers[s.id].able)
        if unable:
            raise UserError(unable[0]._get_delegate_refusal(delegate))
        # The delegate before loses the right, the new one is asked
        self._refresh_bells(signers)
        self.env["order.ledger"]._append(
            [(s.order_id, "delegated", {"signoff": s.id, "delegate": delegate.id}) for s in self]
        )

    def _check_may_delegate(self, signers):
        """Who signs for somebody else does so for a time, and does not hand it on beyond."""
        lent = self.filtered(
            lambda s: signers[s.id].able.get(self.env.uid) in ("delegate", "deputy")
        )
        if lent:
            raise UserError(
                self.env._(
                    "%s: you sign for somebody else here. Ask whoever you stand in for to choose"
                    " another colleague, or enter an absence with a deputy of your own.",
                    ", ".join(lent.mapped("display_name")),
                )
            )

    def _get_delegate_refusal(self, delegate):
        """Return the one reason why ``delegate`` cannot sign this, with what to do."""
        self.ensure_one()
        return self.env._(
            "%(person)s cannot sign %(signoff)s: %(problem)s Choose another colleague.",
            person=delegate.name,
            signoff=self.display_name,
            problem=self._get_delegate_problem(delegate),
        )

    def _get_delegate_problem(self, delegate):
        """Return why ``delegate`` cannot sign this, in a sentence."""
        self.ensure_one()
        if delegate.id in self._get_barred_ids()[self.id]:
            return self.env._(
                "they submitted, created, sell or changed the order, or signed for another"
                " department."
            )
        if delegate in self._get_votes().user_id:
            return self.env._("they have signed it already.")
        if not self._filter_able_users(delegate, self.company_id):
            return self.env._(
                "they lack the right “Order Control: Reviewer”, or do not work for %s.",
                self.company_id.name,
            )
        return self.env._("they cannot sign it now.")

    def _get_possible_delegates(self):
        """Return the colleagues who could sign each of these sign-offs, without the user."""
        self.check_access("read")
        # sudo: the people of the company, of whom nothing but the name is told
        signoffs = self.sudo()
        groups = self.env.ref("order_process_control.group_order_reviewer") | self.env.ref(
            "order_process_control.group_order_user"
        )
        users = groups.sudo().all_user_ids.filtered(lambda user: not user.share) - self.env.user
        barred = signoffs._get_barred_ids()
        for signoff in signoffs:
            users = signoff._filter_able_users(users, signoff.company_id).sudo()
            users -= users.browse(barred[signoff.id]) | signoff._get_votes().user_id
        return users.sudo(False)

    @api.model
    def _get_delegate(self, user_id):
        # sudo: a colleague, of whom nothing but the name is told
        delegate = self.env["res.users"].sudo().browse(self._clean_id(user_id))
        if not delegate.exists() or delegate == self.env.user:
            raise UserError(self.env._("Choose a colleague who shall sign."))
        return delegate

    @api.model
    def _get_ended_delegations(self):
        now = fields.Datetime.now()
        return self.search(
            [
                ("state", "=", "pending"),
                ("delegated_until", "<", now),
                ("delegated_until", ">", now - timedelta(days=7)),
            ]
        )

    @api.model
    def _parse_until(self, until):
        """Return the moment in UTC; a mere date lasts until its end where the caller is."""
        try:
            moment = fields.Datetime.to_datetime(until)
            if isinstance(until, str) and len(until) <= 10:
                zone = pytz.timezone(self.env.user.tz or "UTC")
                end = zone.localize(datetime.combine(moment.date(), time.max))
                moment = end.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(self.env._("Say until when, as a date.")) from error
        if not moment or moment <= fields.Datetime.now():
            raise UserError(self.env._("Choose a day in the future, until which it is delegated."))
        return moment

    # === LEAVERS ===#

    @api.model
    def _refresh_signers(self):
        """Bring the bells in line with who can sign now, after people, departments or absences
        have changed; decide what waits only for somebody who has left."""
        self.env["order.signer.mixin"]._forget_signers()
        # sudo: whoever changes the people need not see what they sign
        pending = self.sudo().search([("state", "=", "pending")])
        if pending:
            pending._refresh_bells(pending._get_signers())

    def _refresh_bells(self, signers):
        """Ask exactly those who can sign now, and decide what nobody is left to sign.

        :param dict signers: of :meth:`_get_signers`, as it is now
        """
        asked = self._get_asked_ids()
        for signoff in self:
            gone = asked[signoff.id] - signers[signoff.id].able.keys()
            activities.close(signoff if gone else self.browse(), user_ids=gone)
        activities.schedule(
            self.env,
            [
                signoff._prepare_task(user_id)
                for signoff in self
                for user_id in signers[signoff.id].able.keys() - asked[signoff.id]
            ],
        )
        self.filtered(
            lambda s: s.decision_rule in ("all", "number") and signers[s.id].is_enough(s)
        )._decide_without_leavers()

    def _get_asked_ids(self):
        """Return ``{sign-off id: ids of the users who have an open activity}``."""
        groups = self.env["mail.activity"]._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            ["res_id"],
            ["user_id:array_agg"],
        )
        asked = {res_id: set(user_ids) for res_id, user_ids in groups}
        return {signoff_id: asked.get(signoff_id, set()) for signoff_id in self._ids}

    def _decide_without_leavers(self):
        """Everybody who is left has approved: the last of them decided."""
        if not self:
            return
        self._load_rounds()
        self.env["order.ledger"]._lock(self.order_id)
        entries = []
        for signoff in self:
            last = signoff._get_votes()[-1:]
            signoff.write(
                {
                    "state": "approved",
                    "decided_by": last.user_id.id,
                    "decided_at": self._get_decision_time(),
                    "comment": last.comment,
                }
            )
            entries.append((signoff.order_id, "completed", {"signoff": signoff.id}))
        closed = self.review_id._advance(entries)
        self.review_id._follow_clocks(closed)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()

    # === MIS-CLICKS ===#

    def action_undo(self):
        """Take one's own decision back: within minutes, before anybody acted on it.

        :return: True
        :raise UserError: when it is too late, or it was somebody else's decision
        """
        self._check_one()
        self.check_access("read")
        # sudo: only one's own vote is taken back; rounds are not writable for anybody
        signoff = self.sudo()
        self.env["order.ledger"]._lock(signoff.order_id)
        vote = signoff._get_votes().filtered(lambda v: v.user_id == self.env.user)[-1:]
        signoff._check_undo(vote)
        vote.write({"undone_at": self._get_decision_time()})
        signoff._reopen_after_undo()
        signoff.order_id._log_events("undone", {"signoff": signoff.id, "vote": vote.id})
        return True

    @api.model
    def _get_undo_minutes(self):
        """Return for how many minutes a decision can be taken back."""
        return 10

    @api.depends_context("uid")
    @api.depends("state", "vote_ids")
    def _compute_can_undo(self):
        for signoff in self:
            # sudo: whether somebody else has acted on it
            decided = signoff.sudo()
            vote = decided._get_votes().filtered(lambda v: v.user_id == self.env.user)[-1:]
            signoff.can_undo = bool(vote) and not decided._get_undo_problem(vote)

    def _check_undo(self, vote):
        problem = self._get_undo_problem(vote)
        if problem:
            raise UserError(
                self.env._("%(signoff)s: %(problem)s", signoff=self.display_name, problem=problem)
            )

    def _get_undo_problem(self, vote):
        """Return why this vote cannot be taken back any more, or False."""
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(minutes=self._get_undo_minutes())
        if not vote:
            return self.env._("you have decided nothing here that could be taken back.")
        if vote.voted_at < limit:
            return self.env._(
                "a decision can be taken back for %s minutes only.", self._get_undo_minutes()
            )
        if self._is_over() or self._was_acted_on(vote):
            return self.env._("somebody has acted on your decision already.")
        return False

    def _is_over(self):
        """Tell whether nothing of this round can be opened again, whoever ended it."""
        self.ensure_one()
        review = self.review_id
        return (
            review.is_void or review.state in ("cancelled", "superseded") or review._is_acted_upon()
        )

    def _was_acted_on(self, vote):
        """Tell whether the ledger goes on after this vote, beyond what the vote itself caused:
        that has its signer and its moment, the beginning of the transaction."""
        self.ensure_one()
        events = self.order_id.event_ids.sorted("number")
        own = events.filtered(
            lambda e: e.kind == vote.decision
            and e.user_id == vote.user_id
            and (e.payload or {}).get("signoff") == self.id
        )[-1:]
        return bool(
            events.filtered(
                lambda e: e.number > own.number
                and (e.user_id != vote.user_id or e.create_date != own.create_date)
            )
        )

    def _reopen_after_undo(self):
        """Put the round back to where it was before the decision, and ask again."""
        self.ensure_one()
        review, siblings = self.review_id, self.review_id.signoff_ids
        turn = (self.is_final, self.sequence)
        review_was_closed = review.state != "in_progress"
        if review.state != "in_progress":
            for signoff in siblings.filtered(lambda s: s.state == "cancelled"):
                signoff.state = "pending" if signoff.pending_since else "waiting"
            review.write({"state": "in_progress", "decided_at": False})
            review._on_reopened()
        later = siblings.filtered(
            lambda s: s.state == "pending" and (s.is_final, s.sequence) > turn
        )
        later.write({"state": "waiting", "pending_since": False})
        activities.close(later)
        later._cancel_deadline(clock="signoff")
        self.write(
            {
                "state": "pending",
                "decided_by": False,
                "decided_at": False,
                "comment": False,
                "lead_time_days": 0.0,
                "proposed_date": False,
            }
        )
        pending = siblings.filtered(lambda s: s.state == "pending")
        activities.close(pending)
        pending._ask()
        review._reopen_clocks(pending)
        if review_was_closed:
            # Its end had closed the questions to sales as well
            pending.filtered(lambda s: s._has_open_question())._remind_of_questions()


class OrderReview(models.Model):
    _inherit = "order.review"

    def _on_reopened(self):
        """Take back what the end of these rounds had caused."""
        activities.close(self.order_id, kinds=["released", "rejected"])
        for review in self:
            if review.order_id.release_id == review:
                as_process(review.order_id).release_id = False


class OrderDeputy(models.Model):
    _inherit = "order.deputy"

    @api.model
    def _on_changed(self):
        result = super()._on_changed()
        self.env["order.signoff"]._refresh_signers()
        return result

    @api.model
    def _cron_follow(self):
        result = super()._cron_follow()
        # sudo: whose delegation has just ended is asked no more
        ended = self.env["order.signoff"].sudo()._get_ended_delegations()
        if ended:
            ended._refresh_bells(ended._get_signers())
        return result
