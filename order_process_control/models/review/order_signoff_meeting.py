from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from . import working_days


class OrderSignoff(models.Model):
    """The review meeting without which a department does not approve (R-084, R-142)."""

    _inherit = "order.signoff"

    needs_meeting = fields.Boolean(readonly=True)
    meeting_tasks = fields.Json(
        readonly=True, help="What is to be done after the meeting, as it was when the round began."
    )
    meeting_id = fields.Many2one(
        "calendar.event",
        string="Review Meeting",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="One meeting may serve several departments and orders.",
    )
    meeting_start = fields.Datetime(
        related="meeting_id.start", string="Planned for", help="When, also for who is not invited."
    )
    meeting_held_at = fields.Datetime(
        string="Meeting Held On",
        readonly=True,
        help="When the meeting took place of which there are minutes.",
    )
    minutes_ids = fields.One2many(
        "order.signoff.minutes", "signoff_id", string="Entries of the Minutes", readonly=True
    )
    minutes = fields.Text(string="Meeting Minutes", compute="_compute_minutes")
    can_plan_meeting = fields.Boolean(compute="_compute_can_meet")
    can_record_minutes = fields.Boolean(compute="_compute_can_meet")

    _meeting_before_approval = models.Constraint(
        "CHECK(state != 'approved' OR needs_meeting IS NOT TRUE OR meeting_held_at IS NOT NULL)",
        "This is approved only after the review meeting: record its minutes first.",
    )

    @api.depends("minutes_ids", "carried_from_id")
    def _compute_minutes(self):
        for signoff in self:
            # sudo: who reads the sign-off reads the minutes that its signature rests on
            entries = (signoff.sudo().carried_from_id or signoff.sudo()).minutes_ids
            signoff.minutes = "\n\n".join(entries.mapped("text")) or False

    @api.depends_context("uid")
    @api.depends("state", "meeting_held_at", "reviewer_ids", "department_id", "vote_ids")
    def _compute_can_meet(self):
        problems = self._get_minutes_problems()
        planners = self._filter_planners()
        for signoff in self:
            signoff.can_plan_meeting = signoff in planners
            signoff.can_record_minutes = not problems[signoff.id]

    # === NO APPROVAL WITHOUT MEETING ===#

    def _signs_itself(self):
        return super()._signs_itself() and not self._get_meeting_problem()

    def _get_approval_problem(self, comment, all_in_order=False):
        return super()._get_approval_problem(comment, all_in_order) or self._get_meeting_problem()

    def _get_meeting_problem(self):
        """Return what is missing of the meeting, in a sentence, or False."""
        self.ensure_one()
        if not self.needs_meeting or self.meeting_held_at:
            return False
        if not self._get_meeting():
            return self.env._(
                "%s: this is approved only after a review meeting. Plan the meeting, hold it and"
                " record its minutes; a rejection needs no meeting.",
                self.display_name,
            )
        return self.env._(
            "%(signoff)s: the minutes of the review meeting of %(when)s are missing. Record them"
            " first; a rejection needs no minutes.",
            signoff=self.display_name,
            when=format_datetime(self.env, self._get_meeting().sudo().start),
        )

    def _prepare_carried_vals(self):
        return super()._prepare_carried_vals() | {
            "meeting_id": self.meeting_id.id,
            "meeting_held_at": self.meeting_held_at,
        }

    # === PLANNING ===#

    def action_plan_meeting(self):
        """Open the calendar's form for the review meeting: the one that is planned already, or a
        new one with everybody who can sign in the round, at the next working hour.

        :return: a window action; saving the new event also gives it to the other departments of
            the round that need a meeting and have none
        :raise AccessError: when the user may not read the sign-off
        :raise UserError: for whoever can neither sign nor answers for the order, or when the
            minutes are written already
        """
        self._check_one()
        self.check_access("read")
        self._check_may_plan()
        # sudo: who can sign, and when the company works, whoever plans
        signoff = self.sudo()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Review Meeting"),
            "res_model": "calendar.event",
            "views": [(False, "form")],
            "target": "new",
        }
        meeting = signoff._get_meeting()
        if meeting:
            return {**action, "res_id": meeting.id}
        defaults = signoff._prepare_meeting_vals()
        return {**action, "context": {f"default_{name}": v for name, v in defaults.items()}}

    def action_set_meeting(self, event_id):
        """Let an existing event of the calendar be the review meeting of these sign-offs.

        :param int event_id: ``calendar.event``, not a private one of others
        :return: True
        :raise AccessError: when the user may not read the sign-offs or the event
        :raise UserError: for an event that is gone, cancelled or private, or as for
            :meth:`action_plan_meeting`
        """
        self.check_access("read")
        self._check_may_plan()
        event = self.env["calendar.event"].browse(self._clean_id(event_id)).exists()
        if not event or not event.active:
            raise UserError(self.env._("Choose a meeting that is in the calendar."))
        event.check_access("read")
        if event._check_private_event_conditions():
            raise UserError(
                self.env._("This meeting is private: ask its organizer to invite you first.")
            )
        # sudo: the caller was found entitled; sign-offs are not writable for anybody
        self.sudo()._link_meeting(event)
        return True

    def _check_may_plan(self):
        strangers = self - self._filter_planners()
        if not strangers:
            return
        stranger = strangers[0]
        if stranger.sudo().meeting_held_at:
            raise UserError(
                self.env._(
                    "%s: the minutes of the meeting are written already.", stranger.display_name
                )
            )
        raise UserError(
            self.env._(
                "%s: the meeting is planned by who can sign, by the salesperson or by who"
                " requested the review, while it is open.",
                stranger.display_name,
            )
        )

    def _filter_planners(self):
        """Return the sign-offs for which the user may plan the meeting: open, without minutes,
        and theirs to sign or to answer for."""
        # sudo: who may plan is decided by the candidates and by who sells, whoever reads what
        signoffs = self.sudo().filtered(
            lambda s: s.state in ("waiting", "pending") and not s.meeting_held_at
        )
        signers = signoffs._get_signers()
        return signoffs.filtered(
            lambda s: self.env.su
            or self.env.uid in signers[s.id].able
            or self.env.user in (s.review_id.requested_by | s.order_id.user_id)
        ).sudo(self.env.su)

    def _get_meeting(self):
        """Return the meeting that is in the calendar; a cancelled one is none."""
        self.ensure_one()
        # sudo: whether there is a meeting and when, not what it is about
        return self.sudo().meeting_id.filtered("active").sudo(self.env.su)

    def _prepare_meeting_vals(self):
        """Return the values of a new event, as superuser. Its name tells outsiders nothing of
        customer or amount, and only those who are invited see more than that they are busy."""
        self.ensure_one()
        start = working_days.get_next_slot(self.company_id, fields.Datetime.now())
        return {
            "name": self.env._("Review meeting: %s", self.review_id._get_subject_name()),
            "partner_ids": self._get_meeting_people().partner_id.ids,
            "user_id": self.env.uid,
            "start": fields.Datetime.to_string(start),
            "stop": fields.Datetime.to_string(start + timedelta(hours=1)),
            "privacy": "private",
            "res_model": self._name,
            "res_id": self.id,
        }

    def _get_meeting_people(self):
        """Return who is invited: all who can sign or have signed in this round, the salesperson
        and who plans."""
        self.ensure_one()
        signoffs = self.review_id.signoff_ids
        able = {uid for signers in signoffs._get_signers().values() for uid in signers.able}
        users = self.env["res.users"].sudo().browse(able) | signoffs._get_votes().user_id
        users |= self.order_id.user_id | self.env.user
        return users.filtered("active")

    def _get_meeting_siblings(self):
        """Return these sign-offs and the open ones of their rounds that need a meeting as well and
        share the one that these have."""
        shared = self.review_id.signoff_ids.filtered(
            lambda s: s.needs_meeting
            and not s.meeting_held_at
            and s.state in ("waiting", "pending")
            and s.meeting_id
            in self.filtered(lambda own, s=s: own.review_id == s.review_id).meeting_id
        )
        return self | shared

    def _link_meeting(self, event):
        """Keep which event is the meeting, also for the other departments of the same rounds that
        need one and have none (as superuser)."""
        waiting = self.review_id.signoff_ids.filtered(
            lambda s: s.needs_meeting
            and not s.meeting_held_at
            and s.state in ("waiting", "pending")
            and not s._get_meeting()
        )
        signoffs = (self | waiting).filtered(lambda s: s.meeting_id != event)
        if signoffs:
            self.env["order.ledger"]._lock(signoffs.order_id)
            signoffs.write({"meeting_id": event.id})
            self.env["order.ledger"]._append(
                [(s.order_id, "meeting", {"signoff": s.id, "event": event.id}) for s in signoffs]
            )

    # === ON THE SCREEN ===#

    def _get_chips(self, signers=None):
        chips = super()._get_chips(signers)
        for signoff in self.filtered("needs_meeting"):
            meeting = signoff._get_meeting().sudo()
            chips[signoff.id]["meeting"] = {
                "is_held": bool(signoff.meeting_held_at),
                "when": fields.Datetime.to_string(signoff.meeting_held_at or meeting.start) or "",
            }
        return chips
