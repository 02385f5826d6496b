from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from . import activities, working_days


class OrderSignoff(models.Model):
    """Minutes of the review meeting, and what has to be handed out after it (R-084 .. R-086)."""

    _inherit = "order.signoff"

    def action_record_minutes(self, minutes, held_at=None):
        """Record the minutes of the review meeting of these sign-offs; later ones are appended as
        corrections. They hold for the other open departments of the round that share the meeting.

        :param str minutes: never blank
        :param held_at: for a meeting that was not in the calendar: when it took place, a datetime
            or its text in UTC; it is put into the calendar of who records
        :return: True
        :raise AccessError: when the user may not read the sign-offs
        :raise UserError: without minutes or before the meeting, or for whoever may not decide;
            corrections are recorded also by who has signed or recorded before
        """
        text = self._clean_text(minutes)
        if not text:
            raise UserError(self.env._("Write down what the meeting found and decided."))
        self = self.browse(dict.fromkeys(self._ids))  # each once
        # sudo: rounds are read whole and are not writable for anybody
        signoffs = self.sudo()._load_rounds()
        self.env["order.ledger"]._lock(signoffs.order_id)
        problems = [problem for problem in self._get_minutes_problems().values() if problem]
        if problems:
            # Who may not even read it learns nothing of it
            self.check_access("read")
            raise UserError("\n".join(problems))
        # From here on the caller is entitled
        fresh = signoffs.filtered(lambda s: not s.meeting_held_at)
        if held_at:
            fresh._put_into_calendar(held_at)
        fresh._check_meeting_held()
        fresh = fresh._get_meeting_siblings() if fresh else fresh
        entries = (signoffs | fresh)._keep_minutes(text, fresh)
        fresh._add_meeting_points()
        self.env["order.ledger"]._append(entries)
        return True

    def _get_minutes_problems(self):
        """Return ``{sign-off id: why the user may not record minutes, or False}``."""
        reasons = self._get_cannot_decide_reasons()
        # sudo: who signed or recorded before may correct what was recorded
        for signoff in self.sudo().filtered("meeting_held_at"):
            known = signoff._get_votes().user_id | signoff.minutes_ids.recorded_by
            if self.env.user in known and not signoff.carried_from_id:
                reasons[signoff.id] = False
        return reasons

    def _put_into_calendar(self, held_at):
        """Create the event of a meeting that has taken place, for those without one."""
        try:
            held_at = fields.Datetime.to_datetime(held_at)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(self.env._("Give the time of the meeting as date and time.")) from error
        if held_at > fields.Datetime.now():
            raise UserError(
                self.env._("The meeting is still to come: record its minutes after it.")
            )
        for signoffs in self.filtered(lambda s: not s._get_meeting()).grouped("review_id").values():
            vals = signoffs[0]._prepare_meeting_vals()
            # Who was there is not known: nobody else gets an entry, let alone an invitation
            vals |= {
                "start": held_at,
                "stop": fields.Datetime.add(held_at, hours=1),
                "partner_ids": self.env.user.partner_id.ids,
            }
            # As the user, who may always note where they were
            events = self.env["calendar.event"]
            event = events.with_env(
                self.env(su=False, context=clean_context(self.env.context))
            ).create(vals)
            signoffs._link_meeting(event)

    def _check_meeting_held(self):
        """
        :raise UserError: unless each of these has a meeting that has begun
        """
        for signoff in self:
            meeting = signoff._get_meeting()
            if not meeting:
                raise UserError(
                    self.env._(
                        "%s: there is no meeting yet. Plan it, choose one of the calendar, or say"
                        " when it was held.",
                        signoff.display_name,
                    )
                )
            if meeting.start > fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "%s: the meeting is still to come. Record its minutes after it, or move it"
                        " to when it was held.",
                        signoff.display_name,
                    )
                )

    def _keep_minutes(self, text, fresh):
        """Write the minutes of these sign-offs; ``fresh`` are those that have none yet.

        :return: the entries for the ledger
        """
        now = self._get_decision_time()
        fresh._update_rows([{"meeting_held_at": s._get_meeting().start} for s in fresh])
        # sudo: kept rows are not writable for anybody
        self.env["order.signoff.minutes"].sudo()._insert_rows(
            [
                {
                    "signoff_id": signoff.id,
                    "text": text,
                    "is_correction": signoff not in fresh,
                    "held_at": signoff.meeting_held_at,
                    "recorded_by": self.env.uid,
                    "recorded_at": now,
                }
                for signoff in self
            ]
        )
        # Also of those that were carried over from these
        self.env["order.signoff"].invalidate_model(["minutes"], flush=False)
        digest = self.env["sale.order"]._get_fingerprint(text)
        return [
            (signoff.order_id, "minutes", {"signoff": signoff.id, "hash": digest})
            for signoff in self
        ]

    # === WHAT IS TO BE HANDED OUT ===#

    def _add_meeting_points(self):
        """Let the tasks after the meeting become open points, due so many working days after it;
        those of an earlier meeting about the same are replaced."""
        earlier = self.order_id.signoff_ids.filtered(
            lambda s: s not in self and s.step_id and s.step_id in self.step_id
        )
        earlier = earlier.open_point_ids.filtered(lambda p: p.is_from_meeting and p.state == "open")
        earlier._end("cancelled", self.env._("Replaced: there was a new review meeting."))
        rows = [row for signoff in self for row in signoff._prepare_meeting_points()]
        points = self.env["order.signoff.point"]._insert_rows(rows)
        activities.schedule(self.env, [point._prepare_task() for point in points])

    def _prepare_meeting_points(self):
        """Return the values of the open points of this sign-off's meeting."""
        self.ensure_one()
        tasks = self._get_applicable_tasks()
        dates = working_days.add_working_days(
            self.company_id, self.meeting_held_at, [task["days"] for task in tasks]
        )
        users = self.env["order.review.task"]._find_users(self.company_id, tasks)
        return [
            {
                "name": task["name"],
                "signoff_id": self.id,
                "order_id": self.order_id.id,
                "company_id": self.company_id.id,
                # Nobody is left: who asked for the review hands it out
                "user_id": (user or self.review_id._get_addressee()).id,
                "date_deadline": dates[task["days"]],
                "state": "open",
                "is_from_meeting": True,
            }
            for task, user in zip(tasks, users, strict=True)
        ]

    def _get_applicable_tasks(self):
        """Return the tasks of this sign-off that such an order needs."""
        self.ensure_one()
        has_new = any(self.order_id.order_line.product_id.mapped("is_new_product"))
        return [
            task for task in self.meeting_tasks or () if has_new or not task["only_new_products"]
        ]
