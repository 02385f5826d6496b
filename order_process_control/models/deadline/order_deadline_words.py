from odoo import fields, models

from .working_time import Clocks


class OrderDeadline(models.Model):
    """How much time is left, in words."""

    _inherit = "order.deadline"

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
