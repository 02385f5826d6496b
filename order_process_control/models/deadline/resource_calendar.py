from datetime import datetime, timedelta
from itertools import accumulate

import pytz

from odoo import api, models, tools
from odoo.fields import Domain

from .working_time import to_seconds

# Windows begin on a Monday: Odoo counts the weeks of flexible hours from where it is asked
_FIRST_MONDAY, WINDOW_DAYS = datetime(1970, 1, 5), 56


class ResourceCalendar(models.Model):
    """Working hours as deadlines read them: a window of eight weeks at a time, kept in memory
    until any calendar or public holiday changes."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "order.configuration.mixin"]

    @tools.ormcache("self.id", "company_id", "number")
    def _get_work_window(self, company_id, number):
        """Return (first, last, starts, ends, sums) of window ``number`` of this calendar.

        :param int company_id: whose public holidays count, beside those of the calendar
        :return: the bounds of the window and of its intervals in seconds since 1970 (UTC), and
            ``sums``: the seconds worked before each interval, and at last in the whole window
        """
        # sudo: when a promise is due does not depend on who asks
        calendar = self.sudo().with_context(active_test=False, employee_timezone=False)
        zone = pytz.timezone(calendar.tz or "UTC")
        first, last = (
            zone.localize(_FIRST_MONDAY + timedelta(days=WINDOW_DAYS * index))
            for index in (number, number + 1)
        )
        intervals = calendar._work_intervals_batch(
            first, last, domain=calendar._get_holiday_domain(company_id), tz=zone
        )[False]
        bounds = [_to_bounds(start, end) for start, end, _attendance in intervals]
        bounds = [(start, end) for start, end in bounds if start < end]
        return (
            _to_utc_seconds(first),
            _to_utc_seconds(last),
            tuple(start for start, _end in bounds),
            tuple(end for _start, end in bounds),
            tuple(accumulate((end - start for start, end in bounds), initial=0)),
        )

    def _filter_without_hours(self):
        """Return the calendars by which nobody ever works: what they time runs around the clock."""
        # sudo: whether there are hours, not which
        return self.filtered(
            lambda calendar: not calendar.sudo().attendance_ids and not calendar.flexible_hours
        )

    def _get_holiday_domain(self, company_id):
        """Odoo itself would take the public holidays of every company that there is."""
        companies = [False, self.company_id.id or company_id]
        return list(Domain("time_type", "=", "leave") & Domain("company_id", "in", companies))


def _to_utc_seconds(moment):
    return to_seconds(moment.astimezone(pytz.utc).replace(tzinfo=None))


def _to_bounds(start, end):
    # The last microsecond of a day is midnight
    return tuple(round(_to_utc_seconds(moment)) for moment in (start, end))


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "order.configuration.mixin"]


class ResourceCalendarLeaves(models.Model):
    """Only public holidays move deadlines; the days off of people are many and do not."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._forget_holidays()
        return leaves

    def write(self, vals):
        self._forget_holidays()
        result = super().write(vals)
        self._forget_holidays()
        return result

    def unlink(self):
        self._forget_holidays()
        return super().unlink()

    def _forget_holidays(self):
        # sudo: whose day off it is, also for who may not read it
        if any(not leave.resource_id for leave in self.sudo()):
            self.env.registry.clear_cache()
