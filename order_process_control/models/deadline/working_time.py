"""Minutes between two moments, and the moment after some minutes, by the hours of a calendar.

A batch asks each calendar once: its intervals are kept in memory (see ``resource.calendar``) and
found by bisection. Moments are naive and in UTC, as Odoo stores them.
"""

import logging
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta

import psycopg2

_logger = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1)
# Eight windows are more than a year: a calendar without an hour in it has none at all. Ten years
# of windows end every other search.
_EMPTY_AFTER, _END_AFTER = 8, 66


def to_seconds(moment):
    """Return a moment as seconds since 1970."""
    return (moment - _EPOCH).total_seconds()


def to_moment(seconds):
    """Return seconds since 1970 as a moment, to the second."""
    return _EPOCH + timedelta(seconds=round(seconds))


class AroundTheClock:
    """Elapsed time: every minute counts."""

    is_fallback = False
    # Hours of a "day" in words
    day_hours = 24.0

    def add(self, moment, minutes):
        """Return the moment ``minutes`` after ``moment``; before it when they are negative."""
        return to_moment(self._add(to_seconds(moment), minutes * 60))

    def between(self, start, end):
        """Return the minutes from ``start`` to ``end``; negative when ``end`` is earlier."""
        return self._between(to_seconds(start), to_seconds(end)) / 60

    def _add(self, moment, seconds):
        return moment + seconds

    def _between(self, start, end):
        return end - start


class WorkingTime(AroundTheClock):
    """The working time of one calendar."""

    def __init__(self, calendar, company_id, now):
        self._calendar, self._company_id = calendar, company_id
        self._windows = {}
        self._first = self._get_number(to_seconds(now))
        numbers = range(self._first, self._first + _EMPTY_AFTER)
        self.is_empty = not any(self._get_window(number)[2] for number in numbers)

    @property
    def day_hours(self):
        return self._calendar.hours_per_day or 8.0

    def _get_window(self, number):
        if number not in self._windows:
            window = self._calendar._get_work_window(self._company_id, number)
            self._windows[number] = window
        return self._windows[number]

    def _get_number(self, moment):
        """Return the number of the window that a moment is in."""
        # The windows begin at midnight where the calendar is: near their bounds it is the next
        number = int(moment - 4 * 86400) // (56 * 86400)
        first, last, *_rest = self._get_window(number)
        return number - 1 if moment < first else number + 1 if moment >= last else number

    def _get_done(self, window, moment):
        """Return the seconds worked in a window before ``moment``."""
        _first, _last, starts, ends, sums = window
        index = bisect_right(starts, moment) - 1
        if index < 0:
            return 0
        return sums[index] + min(moment, ends[index]) - starts[index]

    def _add(self, moment, seconds):
        number = self._get_number(moment)
        window = self._get_window(number)
        target = self._get_done(window, moment) + seconds
        for _step in range(_END_AFTER):
            starts, total = window[2], window[4][-1]
            if seconds >= 0 and target <= total and starts:
                index = max(bisect_left(window[4], target) - 1, 0)
                return max(starts[index] + target - window[4][index], moment)
            if seconds < 0 and target >= 0 and starts:
                index = min(bisect_right(window[4], target) - 1, len(starts) - 1)
                return min(starts[index] + target - window[4][index], moment)
            if seconds >= 0:
                number, target = number + 1, target - total
                window = self._get_window(number)
            else:
                number -= 1
                window = self._get_window(number)
                target += window[4][-1]
        # More than ten years, or before anybody worked by this calendar
        return moment + seconds

    def _between(self, start, end):
        if end < start:
            return -self._between(end, start)
        number, last = self._get_number(start), self._get_number(end)
        done = -self._get_done(self._get_window(number), start)
        for between in range(number, last):
            done += self._get_window(between)[4][-1]
        return done + self._get_done(self._get_window(last), end)


def iter_intervals(calendar, company_id, start):
    """Yield (from, to) of the working times of a calendar from ``start`` on, for about a year."""
    clock, first = WorkingTime(calendar, company_id, start), to_seconds(start)
    number = clock._get_number(first)
    for index in range(number, number + _EMPTY_AFTER):
        _first, _last, starts, ends, _sums = clock._get_window(index)
        for begin, end in zip(starts, ends, strict=True):
            if end > first:
                yield to_moment(max(begin, first)), to_moment(end)


class Clocks:
    """The clocks of one batch: each calendar is looked at once."""

    def __init__(self, env, now):
        self._env, self._now = env, now
        self._around, self._kept = AroundTheClock(), {}

    def get(self, calendar_id, company_id):
        """Return the working time of a calendar for a company; without calendar elapsed time.

        A calendar that is empty, or cannot be read, falls back to the round of the clock: the
        promise still gets its moment, and the log says how it came about.
        """
        if not calendar_id:
            return self._around
        key = (calendar_id, company_id)
        if key not in self._kept:
            self._kept[key] = self._read(calendar_id, company_id)
        return self._kept[key]

    def _read(self, calendar_id, company_id):
        calendar = self._env["resource.calendar"].sudo().browse(calendar_id)
        try:
            found = WorkingTime(calendar, company_id, self._now)
        except psycopg2.Error:
            raise  # the transaction is over
        except Exception:
            _logger.exception("Calendar %s cannot be read: its deadlines elapse", calendar_id)
            return FALLBACK
        if found.is_empty:
            _logger.warning("Calendar %s has no working hours: its deadlines elapse", calendar_id)
            return FALLBACK
        return found


class _Fallback(AroundTheClock):
    is_fallback = True


FALLBACK = _Fallback()
