"""Days and times at which a company works, by its own calendar.

A company whose calendar is missing or empty works around the clock: what is promised in working
days still gets a date, and the log says how it came about.
"""

import logging
from datetime import datetime, time, timedelta

import pytz

from ..deadline import working_time

_logger = logging.getLogger(__name__)


def add_working_days(company, moment, counts):
    """Return ``{number: date}``: the working day that is so many after the day of ``moment``.

    The day itself does not count: within one working day after a Friday is Monday.

    :param company: res.company, whose calendar with its public holidays counts (as superuser)
    :param datetime moment: naive, in UTC
    :param counts: numbers of working days, none of them negative
    """
    zone = get_zone(company)
    day = pytz.utc.localize(moment).astimezone(zone).date()
    wanted, found = set(counts), [day]
    start = zone.localize(datetime.combine(day + timedelta(days=1), time.min))
    for first, _last in _iter_intervals(company, start):
        if len(found) > max(wanted, default=0):
            break
        if first.date() != found[-1]:
            found.append(first.date())
    if len(found) <= max(wanted, default=0):
        _logger.warning("%s has no working hours: every day counts as one", company.name)
        return {number: day + timedelta(days=number) for number in wanted}
    return {number: found[number] for number in wanted}


def get_next_slot(company, moment, hours=1.0):
    """Return the start, naive and in UTC, of the first full hour after ``moment`` at which the
    company works for ``hours`` on end; without working hours the next full hour."""
    zone = get_zone(company)
    start = pytz.utc.localize(moment.replace(minute=0, second=0, microsecond=0))
    start = (start + timedelta(hours=1)).astimezone(zone)
    for first, last in _iter_intervals(company, start):
        if last - first >= timedelta(hours=hours):
            return first.astimezone(pytz.utc).replace(tzinfo=None)
    return start.astimezone(pytz.utc).replace(tzinfo=None)


def get_zone(company):
    """Return the time zone in which the days of the company begin."""
    return pytz.timezone(company.resource_calendar_id.tz or company.partner_id.tz or "UTC")


def _iter_intervals(company, start):
    """Yield (from, to), where the company is, of the working times from ``start`` on, for about a
    year."""
    calendar, zone = company.resource_calendar_id, get_zone(company)
    if calendar:
        start = start.astimezone(pytz.utc).replace(tzinfo=None)
        for interval in working_time.iter_intervals(calendar, company.id, start):
            yield tuple(pytz.utc.localize(moment).astimezone(zone) for moment in interval)
