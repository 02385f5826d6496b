from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.deadline.working_time import FALLBACK, Clocks
from .common import DeadlineCommon, moment

LOGGER = "odoo.addons.order_process_control.models.deadline.working_time"


@tagged("post_install", "-at_install")
class TestWorkingTime(DeadlineCommon):
    """Minutes between moments and moments after minutes, by the hours of a calendar."""

    def _clock(self, calendar=None, now="2026-03-02 08:00"):
        calendar = calendar if calendar is not None else self.calendar
        return Clocks(self.env, moment(now)).get(calendar.id, self.company.id)

    def _check(self, clock, start, minutes, end):
        """Assert that it leads there, and back, and takes so long."""
        start, end = moment(start), moment(end)
        self.assertEqual(clock.add(start, minutes), end)
        self.assertAlmostEqual(clock.between(start, end), minutes)
        self.assertAlmostEqual(clock.between(end, start), -minutes)
        self.assertAlmostEqual(clock.between(start, clock.add(end, -minutes)), 0)

    def test_within_a_day_and_over_lunch(self):
        clock = self._clock()
        self._check(clock, "2026-03-02 09:00", 60, "2026-03-02 10:00")
        self._check(clock, "2026-03-02 11:30", 60, "2026-03-02 13:30")
        self._check(clock, "2026-03-02 12:30", 60, "2026-03-02 14:00")

    def test_over_night_and_weekend(self):
        clock = self._clock()
        self._check(clock, "2026-03-02 16:00", 120, "2026-03-03 09:00")
        self._check(clock, "2026-03-06 16:00", 120, "2026-03-09 09:00")
        self._check(clock, "2026-03-07 03:00", 30, "2026-03-09 08:30")

    def test_the_end_of_a_day_is_its_end(self):
        clock = self._clock()
        self._check(clock, "2026-03-02 08:00", 480, "2026-03-02 17:00")
        self._check(clock, "2026-03-02 08:00", 240, "2026-03-02 12:00")
        self.assertEqual(clock.add(moment("2026-03-07 03:00"), 0), moment("2026-03-07 03:00"))

    def test_seconds_count(self):
        clock = self._clock()
        self.assertEqual(clock.add(moment("2026-03-02 11:59:30"), 1), moment("2026-03-02 13:00:30"))

    def test_over_many_months(self):
        clock = self._clock()
        start, minutes = moment("2026-03-02 08:00"), 40 * 5 * 8 * 60
        end = clock.add(start, minutes)
        self.assertEqual(end, moment("2026-12-04 17:00"))
        self.assertAlmostEqual(clock.between(start, end), minutes)
        self.assertEqual(clock.add(end, -minutes), start)

    def test_public_holiday(self):
        leaves = self.env["resource.calendar.leaves"]
        clock = self._clock()
        self._check(clock, "2026-03-02 16:00", 120, "2026-03-03 09:00")
        holiday = leaves.create(
            {
                "name": "Holiday",
                "date_from": "2026-03-03 00:00:00",
                "date_to": "2026-03-03 23:59:59",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
            }
        )
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-04 09:00")
        holiday.write({"date_from": "2026-03-05 00:00:00", "date_to": "2026-03-05 23:59:59"})
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-03 09:00")
        self._check(self._clock(), "2026-03-04 16:00", 120, "2026-03-06 09:00")
        holiday.unlink()
        self._check(self._clock(), "2026-03-04 16:00", 120, "2026-03-05 09:00")

    def test_holidays_of_all_calendars_and_of_other_companies(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        vals = {"name": "Holiday", "date_from": "2026-03-03", "date_to": "2026-03-03 23:59:59"}
        leaves = self.env["resource.calendar.leaves"]
        holiday = leaves.create({**vals, "company_id": elsewhere.id, "calendar_id": False})
        holiday.company_id = elsewhere
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-03 09:00")
        leaves.create({**vals, "company_id": self.company.id, "calendar_id": False})
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-04 09:00")

    def test_days_off_of_a_person_move_nothing(self):
        resource = self.env["resource.resource"].create({"name": "Somebody"})
        self._clock()
        with patch.object(type(self.env.registry), "clear_cache") as clear:
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Day off",
                    "date_from": "2026-03-03 00:00:00",
                    "date_to": "2026-03-03 23:59:59",
                    "resource_id": resource.id,
                    "calendar_id": self.calendar.id,
                }
            )
        clear.assert_not_called()
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-03 09:00")

    def test_changed_hours_count_at_once(self):
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-03 09:00")
        self.calendar.attendance_ids.filtered(lambda a: a.hour_to == 17).hour_to = 18
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-02 18:00")
        self.calendar.tz = "Europe/Berlin"
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-03-03 08:00")

    def test_time_zone_and_daylight_saving(self):
        """Clocks in Berlin go forward on 2026-03-29 and back on 2026-10-25."""
        berlin = self._clock(self._create_calendar("Europe/Berlin"))
        self._check(berlin, "2026-03-27 15:00", 120, "2026-03-30 07:00")
        self._check(berlin, "2026-10-23 14:00", 120, "2026-10-26 08:00")
        # The night of the change is an hour shorter, and longer, for who works in it
        night = self._clock(self._create_calendar("Europe/Berlin", [(0, 8)], range(7)))
        self._check(night, "2026-03-28 23:00", 7 * 60, "2026-03-29 06:00")
        self._check(night, "2026-10-24 22:00", 9 * 60, "2026-10-25 07:00")
        shanghai = self._clock(self._create_calendar("Asia/Shanghai"))
        self._check(shanghai, "2026-03-02 08:00", 120, "2026-03-03 01:00")

    def test_around_midnight(self):
        clock = self._clock(self._create_calendar(hours=[(0, 24)], days=range(7)))
        self._check(clock, "2026-03-02 10:00", 3 * 24 * 60, "2026-03-05 10:00")

    def test_windows_meet_without_a_seam(self):
        """Eight weeks are read at a time; the time zone of a calendar moves their bounds."""
        for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
            clock = self._clock(self._create_calendar(zone, [(0, 24)], range(7)))
            for day in range(1, 28):
                for hour in (0, 9, 23):
                    with self.subTest(zone=zone, day=day, hour=hour):
                        start = moment(f"2026-02-{day:02} {hour:02}:30")
                        self.assertAlmostEqual((clock.add(start, 60 * 24 * 14) - start).days, 14)

    def test_two_week_calendar(self):
        calendar = self._create_calendar()
        calendar.switch_calendar_type()
        self.assertTrue(calendar.two_weeks_calendar)
        days = calendar.attendance_ids.filtered(lambda a: not a.display_type)
        even = days.filtered(lambda a: a.week_type == "0")
        even.filtered(lambda a: a.dayofweek in ("1", "2", "3", "4")).unlink()
        # Weeks take turns: from one Monday of a short week to that of the next but one
        clock = self._clock(calendar)
        monday = moment("2026-03-02 08:00")
        even_first = self.env["resource.calendar.attendance"].get_week_type(monday.date()) == 0
        start = monday if even_first else moment("2026-03-09 08:00")
        next_week = moment("2026-03-09 08:00") if even_first else moment("2026-03-16 08:00")
        self.assertEqual(clock.add(start, 9 * 60), next_week.replace(hour=9))
        self.assertAlmostEqual(clock.between(start, next_week), 8 * 60)

    def test_flexible_hours(self):
        """Odoo centres the hours of a day on noon, until the week is full."""
        calendar = self._create_calendar()
        calendar.write({"flexible_hours": True, "hours_per_day": 8, "full_time_required_hours": 40})
        clock = self._clock(calendar)
        self._check(clock, "2026-03-02 08:00", 8 * 60, "2026-03-02 16:00")
        self._check(clock, "2026-03-06 15:00", 120, "2026-03-09 09:00")
        for start in ("2026-03-01 00:00", "2026-03-04 13:00", "2026-04-20 01:00"):
            end = clock.add(moment(start), 40 * 60)
            self.assertLessEqual((end - moment(start)).days, 7)

    def test_no_calendar_is_elapsed_time(self):
        clock = Clocks(self.env, moment("2026-03-02 08:00")).get(False, self.company.id)
        self._check(clock, "2026-03-06 16:00", 24 * 60, "2026-03-07 16:00")
        self.assertIsNot(clock, FALLBACK)

    def test_empty_calendar_runs_around_the_clock(self):
        calendar = self._create_calendar(days=())
        self.assertFalse(calendar.attendance_ids)
        with self.assertLogs(LOGGER, "WARNING") as logs:
            clock = self._clock(calendar)
        self.assertIs(clock, FALLBACK)
        self.assertIn("no working hours", logs.output[0])
        self._check(clock, "2026-03-06 16:00", 24 * 60, "2026-03-07 16:00")

    @mute_logger(LOGGER)
    def test_broken_calendar_runs_around_the_clock(self):
        calendars = type(self.env["resource.calendar"])
        with patch.object(calendars, "_work_intervals_batch", side_effect=ValueError("broken")):
            self.assertIs(self._clock(self._create_calendar()), FALLBACK)

    def test_closed_for_months(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Rebuilding",
                "date_from": "2026-03-03 00:00:00",
                "date_to": "2026-07-31 23:59:59",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
            }
        )
        self._check(self._clock(), "2026-03-02 16:00", 120, "2026-08-03 09:00")

    def test_a_batch_asks_each_calendar_once(self):
        self.env.registry.clear_cache()
        clock = self._clock()
        start = moment("2026-03-02 08:00")
        clock.add(start, 480)
        with self.assertQueryCount(0):
            for minutes in range(0, 2000, 7):
                clock.between(start, clock.add(start, minutes))
        with self.assertQueryCount(0):
            self._clock().add(start, 480)
