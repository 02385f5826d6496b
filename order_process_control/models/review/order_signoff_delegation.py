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
        :raise UserError: when the caller may not decide, or the delegate could not sign
        """
        # sudo: rounds are read whole and are not writable for anybody
        signoffs = self.sudo()._load_rounds()
        self.env["order.ledger"]._lock(signoffs.order_id)
        self._check_may_decide(signoffs._get_signers())
        delegate = self._get_delegate(user_id)
        until = self._parse_until(until)
        signoffs.write(
            {
                "delegate_id": delegate.id,
                "delegated_by": self.env.uid,
                "delegated_until": until,
            }
        )
        signers = signoffs._get_signers()
        unable = signoffs.filtered(lambda s: delegate.id not in signers[s.id].able)
        if unable:
            raise UserError(
                self.env._(
                    "%(person)s cannot sign %(signoffs)s: they submitted, created, sell or changed"
                    " the order, signed it already, or lack the right “Order Control: Reviewer”.",
                    person=delegate.name,
                    signoffs=", ".join(unable.mapped("display_name")),
                )
            )
        activities.close(signoffs, user_ids=[delegate.id])
        activities.schedule(self.env, [s._prepare_task(delegate.id) for s in signoffs])
        self.env["order.ledger"]._append(
            [
                (s.order_id, "delegated", {"signoff": s.id, "delegate": delegate.id})
                for s in signoffs
            ]
        )
        return True

    @api.model
    def _get_delegate(self, user_id):
        # sudo: a colleague, of whom nothing but the name is told
        delegate = self.env["res.users"].sudo().browse(user_id if type(user_id) is int else 0)
        if not delegate.exists() or delegate == self.env.user:
            raise UserError(self.env._("Choose a colleague who shall sign."))
        return delegate

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
        if not pending:
            return
        signers = pending._get_signers()
        asked = pending._get_asked_ids()
        for signoff in pending:
            gone = asked[signoff.id] - signers[signoff.id].able.keys()
            activities.close(signoff if gone else self.browse(), user_ids=gone)
        activities.schedule(
            self.env,
            [
                signoff._prepare_task(user_id)
                for signoff in pending
                for user_id in signers[signoff.id].able.keys() - asked[signoff.id]
            ],
        )
        pending.filtered(
            lambda s: s.decision_rule in ("all", "number")
            and signers[s.id].voted
            and not signers[s.id].able
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
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()

    # === MIS-CLICKS ===#

    def action_undo(self):
        """Take one's own decision back: within minutes, before anybody acted on it.

        :return: True
        :raise UserError: when it is too late, or it was somebody else's decision
        """
        self.ensure_one()
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
            # sudo: whether anybody acted on it, whoever may read that
            known = signoff.sudo()
            vote = known._get_votes().filtered(lambda v: v.user_id == self.env.user)[-1:]
            signoff.can_undo = bool(vote) and not known._get_undo_problem(vote)

    def _check_undo(self, vote):
        problem = self._get_undo_problem(vote)
        if problem:
            raise UserError(
                self.env._("%(signoff)s: %(problem)s", signoff=self.display_name, problem=problem)
            )

    def _get_undo_problem(self, vote):
        """Return why this vote cannot be taken back any more, or False."""
        self.ensure_one()
        review, order = self.review_id, self.order_id
        limit = fields.Datetime.now() - timedelta(minutes=self._get_undo_minutes())
        acted_on = order.event_ids.filtered(
            lambda e: vote
            and (e.at > vote.voted_at or (e.at == vote.voted_at and e.user_id != vote.user_id))
        )
        if not vote:
            return self.env._("you have decided nothing here that could be taken back.")
        if vote.voted_at < limit:
            return self.env._(
                "a decision can be taken back for %s minutes only.", self._get_undo_minutes()
            )
        if acted_on or order.state == "sale" or review.state in ("cancelled", "superseded"):
            return self.env._("somebody has acted on your decision already.")
        return False

    def _reopen_after_undo(self):
        """Put the round back to where it was before the decision, and ask again."""
        self.ensure_one()
        review, siblings = self.review_id, self.review_id.signoff_ids
        turn = (self.is_final, self.sequence)
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
        super()._on_changed()
        self.env["order.signoff"]._refresh_signers()
