from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..order.kept_rows import get_insert_query, update_rows
from ..order.visible_text import says_something
from .working_time import Clocks


class OrderDeadline(models.Model):
    """What happens to a promise between its start and its end.

    Every method takes any number of promises and writes them, with their events, in one
    statement. ``remaining_minutes`` counts in the time of the promise: the working time of its
    calendar, else elapsed time.

    sudo, here and in ``_reopen``: nobody writes these rows but the engine; who may do what is asked
    by those who call it.
    """

    _inherit = "order.deadline"

    @api.model
    def _search_with_course(self, domain, order=None):
        """Return promises with all that the methods here read of them, in one query."""
        return self.search_fetch(domain, self._get_course_fields(), order=order)

    # === PAUSE ===#

    def _pause(self, reason=None, at=None):
        """Let the clock stand still; no alert is raised meanwhile.

        :param str reason: what is waited for
        :param datetime at: since when (naive, in UTC), else now
        """
        at = at or fields.Datetime.now()
        running = self.sudo().filtered(lambda d: not d.stopped_at and not d.paused_at)
        clocks, vals_list, events = Clocks(self.env, at), [], []
        for deadline in running:
            left = deadline._get_remaining(clocks, at)
            missed = deadline._is_missed_at(at)
            if missed and deadline.state != "missed":
                events.append(deadline._prepare_event("miss", deadline.deadline))
            events.append(deadline._prepare_event("pause", at, reason, left))
            vals_list.append(
                {
                    "state": "missed" if missed else "paused",
                    "paused_at": at,
                    "pause_reason": reason,
                    "remaining_minutes": left,
                    "next_alert_at": False,
                }
            )
        return running._write_course(vals_list, events)

    def _resume(self, at=None):
        """Let the clock go on: what was left is left, and the moments move on."""
        at = at or fields.Datetime.now()
        paused = self.sudo().filtered(lambda d: not d.stopped_at and d.paused_at)
        clocks, vals_list, events = Clocks(self.env, at), [], []
        for deadline in paused:
            left = deadline.remaining_minutes
            vals = {
                "state": "missed" if deadline.state == "missed" else "running",
                "paused_at": False,
                "pause_reason": False,
                "remaining_minutes": 0.0,
                **deadline._get_new_moments(clocks, at, deadline.minutes, deadline.minutes - left),
            }
            vals["next_alert_at"] = deadline._get_next_alert_at(vals, deadline.alert_level)
            vals_list.append(vals)
            events.append(deadline._prepare_event("resume", at, minutes=left))
        paused._write_course(vals_list, events)
        self._call_scan_for([vals["next_alert_at"] for vals in vals_list])
        return paused

    # === THE END ===#

    def _stop(self, at=None):
        """The promise is fulfilled: met, or late and by how much. What is closed from a pause
        counts as fulfilled when the pause began."""
        at = at or fields.Datetime.now()
        ending = self.sudo().filtered(lambda d: not d.stopped_at)
        clocks, vals_list, events = Clocks(self.env, at), [], []
        for deadline in ending:
            left = deadline._get_remaining(clocks, at)
            late = deadline._is_missed_at(at)
            if late and deadline.state != "missed":
                events.append(deadline._prepare_event("miss", deadline.deadline))
            delay = max(-left, 0.0)
            events.append(
                deadline._prepare_event("fulfil", at, minutes=delay)
                if late
                else deadline._prepare_event("meet", at, minutes=deadline.minutes - left)
            )
            state = "missed" if late else "met"
            vals_list.append(deadline._prepare_end_vals(state, at, left, delay))
        return ending._write_course(vals_list, events)._clear_alerts()

    def _cancel(self, reason=None):
        """The promise does not apply any more: never met, never missed."""
        return self._end_as("cancelled", "cancel", reason)

    def action_exempt(self, reason):
        """Excuse these promises: they count neither as met nor as missed.

        :param str reason: why
        :return: True
        :raise AccessError: for everybody but the process manager
        :raise UserError: without reason, or when one of them has ended
        """
        self.check_access("read")
        if not self.env.user.has_group("order_process_control.group_order_manager"):
            raise AccessError(self.env._("Only process managers exempt from a deadline."))
        reason = reason.strip() if says_something(reason) else ""
        if not reason:
            raise UserError(self.env._("Say why this is exempt from its deadline."))
        if any(deadline.stopped_at for deadline in self):
            raise UserError(self.env._("Only a deadline that is still open can be exempted."))
        self._end_as("exempt", "exempt", reason)
        return True

    def _end_as(self, state, kind, reason):
        at = fields.Datetime.now()
        ending = self.sudo().filtered(lambda d: not d.stopped_at)
        clocks, vals_list, events = Clocks(self.env, at), [], []
        for deadline in ending:
            left = deadline._get_remaining(clocks, at)
            vals_list.append(deadline._prepare_end_vals(state, at, left, 0.0))
            events.append(deadline._prepare_event(kind, at, reason, left))
        return ending._write_course(vals_list, events)._clear_alerts()

    def _prepare_end_vals(self, state, at, left, delay):
        return {
            "state": state,
            "stopped_at": at,
            "next_alert_at": False,
            "remaining_minutes": left,
            "used_minutes": self.minutes - left,
            "delay_minutes": delay,
            "failures": 0,
        }

    # === OTHER TIMES ===#

    def _extend(self, minutes, reason):
        """Give more time, in the time of the promise; what is missed stays as it is."""
        at = fields.Datetime.now()
        able = self.sudo().filtered(lambda d: not d.stopped_at and d.state != "missed")
        return able._allow({d.id: d.minutes + minutes for d in able}, at, "extend", reason, minutes)

    def _reevaluate(self, vals_by_id=None):
        """Time open promises anew, after class, priority or policy changed: what was used and
        paused stays, what is missed stays as it is.

        :param dict vals_by_id: ``{deadline id: values}`` with the new ``class_id``, ``priority``,
            ``policy_id``; without it the policy as it is now
        """
        at, infos = fields.Datetime.now(), self.env["order.deadline.policy"]._get_infos()
        able = self.sudo().filtered(lambda d: not d.stopped_at and d.state != "missed")
        minutes, extra = {}, {}
        for deadline in able:
            vals = {**deadline._get_criteria(), **((vals_by_id or {}).get(deadline.id) or {})}
            info = infos.get(vals["policy_id"])
            new = info and info.get_minutes(vals["class_id"], vals["priority"])
            if new and (new != deadline.minutes or vals != deadline._get_criteria()):
                minutes[deadline.id], extra[deadline.id] = new, vals
        return able.browse(minutes)._allow(minutes, at, "reevaluate", extra=extra)

    def _get_criteria(self):
        """Return what the time allowed was chosen by."""
        return {
            "class_id": self.class_id.id,
            "priority": self.priority,
            "policy_id": self.policy_id.id,
        }

    def _allow(self, minutes_by_id, at, kind, reason=None, told=None, extra=None):
        """Change the time allowed."""
        clocks, vals_list, events = Clocks(self.env, at), [], []
        for deadline in self:
            minutes = minutes_by_id[deadline.id]
            used = deadline.minutes - deadline._get_remaining(clocks, at)
            policy_id = ((extra or {}).get(deadline.id) or {}).get("policy_id")
            moments = deadline._get_new_moments(clocks, at, minutes, used, policy_id)
            paused = bool(deadline.paused_at)
            vals_list.append(
                {
                    **deadline._get_criteria(),
                    **((extra or {}).get(deadline.id) or {}),
                    "minutes": minutes,
                    "remaining_minutes": minutes - used if paused else 0.0,
                    **moments,
                    "next_alert_at": not paused
                    and deadline._get_next_alert_at(moments, deadline.alert_level),
                }
            )
            events.append(deadline._prepare_event(kind, at, reason, told or minutes))
        self._write_course(vals_list, events)
        self._call_scan_for([vals["next_alert_at"] for vals in vals_list])
        return self

    # === PARTS ===#

    @api.model
    def _get_course_fields(self):
        """Return what has to be read of a promise before it goes on."""
        return [
            *("state", "started_at", "deadline", "paused_at", "stopped_at", "remaining_minutes"),
            *("minutes", "alert_level", "calendar_id", "company_id", "policy_id", "res_model"),
            *("res_id", "order_id", "class_id", "priority", "clock", "department_id", "warn_at"),
            "emergency_at",
        ]

    def _get_clock(self, clocks):
        return clocks.get(self.calendar_id.id, self.company_id.id)

    def _get_remaining(self, clocks, at):
        """Return the minutes that are left at a moment; while it is paused those then."""
        if self.paused_at:
            return self.remaining_minutes
        return self._get_clock(clocks).between(at, self.deadline)

    def _is_missed_at(self, at):
        """By the moment and not by the minutes: outside working hours none of them pass."""
        return self.state == "missed" or (not self.paused_at and at > self.deadline)

    def _get_new_moments(self, clocks, at, minutes, used, policy_id=None):
        infos = self.env["order.deadline.policy"]._get_infos()
        info = infos.get(policy_id or self.policy_id.id)
        return self._get_moments(self._get_clock(clocks), info, at, minutes, used)

    @api.model
    def _get_next_alert_at(self, moments, level):
        """Return when the next level is due, after ``level`` was raised; False: none is left."""
        ladder = (moments["warn_at"], moments["deadline"], moments["emergency_at"])
        return next((moment for moment in ladder[level:] if moment), False)

    def _prepare_event(self, kind, at, reason=None, minutes=0.0):
        return {
            "deadline_id": self.id,
            "kind": kind,
            "at": at,
            "user_id": self.env.uid,
            "reason": reason or False,
            "minutes": minutes,
        }

    def _write_course(self, vals_list, events):
        """Write these promises and their events in one statement."""
        if self:
            model = self.env["order.deadline.event"]
            columns = [model._fields[name] for name in events[0]]
            update_rows(self, vals_list, also=get_insert_query(model, columns, events))
            self._forget_statuses()
        return self

    def _clear_alerts(self):
        """What is over is no cause for an alert any more."""
        keys = [f"deadline:{deadline.id}" for deadline in self if deadline.alert_level]
        self.env["order.alert"]._clear(keys)
        return self
