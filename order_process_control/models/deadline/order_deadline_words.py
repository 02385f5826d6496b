from odoo import api, fields, models

from .working_time import Clocks


class OrderDeadline(models.Model):
    """How much time is left, in words."""

    _inherit = "order.deadline"

    @api.model
    def _get_status_fields(self):
        """Return the fields that :meth:`_get_status` and :meth:`_get_time_text` read."""
        return [
            *("res_id", "state", "deadline", "warn_at", "paused_at", "stopped_at"),
            *("remaining_minutes", "delay_minutes", "calendar_id", "company_id"),
        ]

    def _get_status(self, now):
        """Return how this promise stands: a value of ``deadline_status``."""
        self.ensure_one()
        if self.stopped_at:
            return self.state
        if self.state == "missed" or not self.paused_at and self.deadline < now:
            return "overdue"
        if self.paused_at:
            return "paused"
        return "due_soon" if self.warn_at and self.warn_at <= now else "on_time"

    def _get_time_text(self):
        """Return ``{id: words}``: "2 h left", "late by 1 d 3 h", "paused, 3 h left" or "", in the
        reader's language and without a query for each.

        They count in the time of the promise, in which a day is a working day.
        """
        now = fields.Datetime.now()
        clocks = Clocks(self.env, now)
        # sudo: calendars are not readable for everybody; nothing but minutes is taken from them
        return {deadline.id: deadline._get_time_words(clocks, now) for deadline in self.sudo()}

    def _get_time_words(self, clocks, now):
        if self.stopped_at:
            return self._get_ended_words(clocks)
        if not self.deadline:
            return ""
        left = self._get_remaining(clocks, now)
        words = self._get_span_words(clocks, abs(left))
        late = self._is_missed_at(now)
        if self.paused_at and late:
            return self.env._("paused, late by %s", words)
        if self.paused_at:
            return self.env._("paused, %s left", words)
        return self.env._("late by %s", words) if late else self.env._("%s left", words)

    def _get_ended_words(self, clocks):
        """Of what has ended only a delay is worth a word."""
        if self.state != "missed":
            return ""
        return self.env._("was late by %s", self._get_span_words(clocks, self.delay_minutes))

    def _get_span_words(self, clocks, minutes):
        """Return a span of time by its two largest units."""
        minutes = round(minutes)
        day = round(self._get_clock(clocks).day_hours * 60)
        days, minutes = divmod(minutes, day)
        hours, minutes = divmod(minutes, 60)
        if days and hours:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if days:
            return self.env._("%s d", days)
        if hours and minutes and hours < 10:
            return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        if hours:
            return self.env._("%s h", hours)
        return self.env._("%s min", minutes)
