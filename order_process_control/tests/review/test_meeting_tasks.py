from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.review import working_days
from .test_meeting import MeetingCommon

# A Wednesday, ten in the morning in Europe
WEDNESDAY = datetime(2024, 5, 8, 8)


@tagged("post_install", "-at_install")
class TestMeetingTasks(MeetingCommon):
    """What is distributed within 3 and 5 working days, and postponed (R-085 .. R-087)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env["resource.calendar"].create(
            {"name": "Mon-Fri", "tz": "Europe/Brussels", "company_id": cls.company.id}
        )
        cls.company.resource_calendar_id = calendar
        cls.step.task_ids = [
            Command.create(
                {"name": "Material", "department_id": cls.production.id, "sequence": 1, "days": 3}
            ),
            Command.create(
                {
                    "name": "Technology",
                    "user_id": cls.production_user.id,
                    "sequence": 2,
                    "days": 5,
                    "only_new_products": True,
                }
            ),
        ]

    def _meet(self, order=None):
        """Hold the meeting on Wednesday and return its open points."""
        order = order or self._submit()
        self._minute(order, held_at=WEDNESDAY)
        return self._signoff(order, "Finance").open_point_ids.sorted("id")

    def _add_holiday(self, day):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ascension",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 21:59:59",
            }
        )

    def test_points_of_a_known_product(self):
        point = self._meet()
        self.assertRecordValues(
            point,
            [
                {
                    "name": "Material",
                    # Thursday, Friday, Monday
                    "date_deadline": date(2024, 5, 13),
                    "user_id": self.production_user.id,
                    "state": "open",
                    "is_from_meeting": True,
                }
            ],
        )
        self.assertEqual(self._bells(point), self.production_user)
        self.assertEqual(point.activity_ids.date_deadline, date(2024, 5, 13))

    def test_points_of_a_new_product(self):
        self.product.is_new_product = True
        points = self._meet()
        self.assertEqual(points.mapped("name"), ["Material", "Technology"])
        self.assertEqual(points[1].date_deadline, date(2024, 5, 15))

    def test_holidays_do_not_count(self):
        self.product.is_new_product = True
        self._add_holiday("2024-05-09")
        points = self._meet()
        self.assertEqual(points.mapped("date_deadline"), [date(2024, 5, 14), date(2024, 5, 16)])

    def test_same_as_the_calendar_says(self):
        self._add_holiday("2024-05-20")
        calendar = self.company.resource_calendar_id
        after = datetime(2024, 5, 8, 22)  # midnight in Brussels
        dates = working_days.add_working_days(self.company, WEDNESDAY, [1, 3, 5, 40])
        for days, day in dates.items():
            planned = calendar.plan_days(days, after, compute_leaves=True)
            self.assertEqual(planned.date(), day)
        self.assertEqual(
            working_days.add_working_days(self.company, WEDNESDAY, [0]), {0: date(2024, 5, 8)}
        )

    def test_day_of_the_company_not_of_utc(self):
        # Thursday in Brussels already
        dates = working_days.add_working_days(self.company, datetime(2024, 5, 8, 23), [1])
        self.assertEqual(dates[1], date(2024, 5, 10))

    @mute_logger("odoo.addons.order_process_control.models.review.working_days")
    def test_company_without_working_hours(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        self.assertEqual(self._meet().date_deadline, date(2024, 5, 11))
        self.company.resource_calendar_id = False
        self.assertTrue(self.step.task_ids[0].warning)
        self.assertEqual(self._meet().date_deadline, date(2024, 5, 11))
        self.assertEqual(
            working_days.get_next_slot(self.company, WEDNESDAY), datetime(2024, 5, 8, 9)
        )

    def test_next_slot_is_in_working_time(self):
        friday_evening = datetime(2024, 5, 10, 20, 17)
        self.assertEqual(
            working_days.get_next_slot(self.company, friday_evening), datetime(2024, 5, 13, 6)
        )

    def test_whom_it_goes_to(self):
        boss = self._create_reviewer("opc_boss")
        material = self.step.task_ids[0]
        self.production.manager_id = self._join(boss, self.production)
        self.assertEqual(self._meet().user_id, boss)
        material.user_id = self.finance_user2
        self.assertEqual(self._meet().user_id, self.finance_user2)
        # Who has left, or sees nothing of it, is not asked
        self.finance_user2.active = False
        self.assertEqual(self._meet().user_id, boss)
        material.invalidate_recordset(["warning"])
        self.assertIn("Goes to opc_boss", material.warning)
        material.user_id = False
        self.assertFalse(material.warning)
        boss.group_ids = [Command.unlink(self.env.ref(self._group("reviewer")).id)]
        self.assertEqual(self._meet().user_id, self.production_user)
        self.production.member_ids.user_id.active = False
        self.assertEqual(self._meet().user_id, self.process_manager)

    def test_running_round_keeps_its_tasks(self):
        order = self._submit()
        self.step.task_ids.unlink()
        self.assertEqual(self._meet(order).name, "Material")

    def test_corrections_hand_out_nothing_again(self):
        order = self._submit()
        self._meet(order)
        self._minute(order, "More")
        self.assertEqual(len(order.sudo().signoff_ids.open_point_ids), 1)

    def test_taking_back_a_signature_leaves_what_was_decided(self):
        order = self._submit()
        point = self._meet(order)
        signoff = self._signoff(order, "Finance").with_user(self.finance_user)
        signoff.action_approve(None, None, {"open_points": [{"name": "Guarantee"}]})
        signoff.action_undo()
        condition = order.sudo().signoff_ids.open_point_ids - point
        self.assertEqual((point.state, condition.state), ("open", "cancelled"))

    def test_new_meeting_replaces_what_is_open(self):
        order = self._submit()
        first = self._meet(order)
        order.with_user(self.salesperson).order_line.price_unit = 1
        order.action_request_review()
        self.assertEqual(first.state, "open")
        second = self._meet(order)
        self.assertEqual((first.state, second.state), ("cancelled", "open"))
        self.assertFalse(self._bells(first))
        order.action_cancel()
        self.assertEqual(second.state, "cancelled")

    # === POSTPONING ===#

    def test_postponed_by_one_working_day(self):
        point = self._meet().with_user(self.production_user)
        with self.assertRaisesRegex(UserError, "special circumstances"):
            point.action_postpone(" ")
        point.action_postpone("Printer broken")
        self.assertEqual(point.date_deadline, date(2024, 5, 14))
        self.assertEqual(point.activity_ids.date_deadline, date(2024, 5, 14))
        point.action_postpone("Still broken", "2024-05-17")
        point.action_postpone("Over the weekend")
        self.assertRecordValues(
            point.delay_ids,
            [
                {
                    "date_from": date(2024, 5, 13),
                    "date_to": date(2024, 5, 14),
                    "reason": "Printer broken",
                    "postponed_by": self.production_user.id,
                },
                {
                    "date_from": date(2024, 5, 14),
                    "date_to": date(2024, 5, 17),
                    "reason": "Still broken",
                    "postponed_by": self.production_user.id,
                },
                {
                    "date_from": date(2024, 5, 17),
                    "date_to": date(2024, 5, 20),
                    "reason": "Over the weekend",
                    "postponed_by": self.production_user.id,
                },
            ],
        )
        self.assertEqual(self._kinds(point.order_id).count("point_postponed"), 3)
        self._assert_ledger_intact(point.order_id)

    def test_postponed_from_the_screen(self):
        point = self._meet().with_user(self.production_user)
        action = point.action_open_postpone()
        screen = self.env[action["res_model"]].browse(action["res_id"])
        screen.with_user(self.production_user).write({"text": "Flood"})
        screen.with_user(self.production_user).action_run()
        self.assertEqual(point.date_deadline, date(2024, 5, 14))

    def test_what_is_no_later_day(self):
        point = self._meet().with_user(self.production_user)
        for wrong in ("2024-05-13", "2020-01-01", "soon", 5, {"a": 1}, ["2024-06-01"]):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                point.action_postpone("x", wrong)
        self.assertFalse(point.delay_ids)
        point.action_close("Done")
        with self.assertRaisesRegex(UserError, "closed already"):
            point.action_postpone("x")

    def test_who_postpones(self):
        point = self._meet()
        for user in (self.salesperson, self.auditor, self.finance_user2, self.employee):
            with self.assertRaises(AccessError):
                point.with_user(user).action_postpone("x")
        point.with_user(self.process_manager).action_postpone("Ordered by the board")
        delay = point.delay_ids
        for user in (self.production_user, self.finance_user, self.salesperson, self.auditor):
            self.assertEqual(delay.with_user(user).reason, "Ordered by the board")
            with self.assertRaises(AccessError):
                delay.with_user(user).write({"reason": "x"})
            with self.assertRaises(AccessError):
                delay.with_user(user).create({"point_id": point.id, "reason": "x"})
        for user in (self.employee, self.other_salesperson):
            with self.assertRaises(AccessError):
                delay.with_user(user).read(["reason"])
        with self.assertRaises(AccessError):
            delay.unlink()

    # === CONFIGURATION ===#

    def test_who_configures(self):
        task = self.step.task_ids[0]
        for user in (self.salesperson, self.sales_manager, self.finance_user, self.auditor):
            self.assertEqual(task.with_user(user).name, "Material")
            with self.assertRaises(AccessError):
                task.with_user(user).write({"days": 1})
            with self.assertRaises(AccessError):
                task.with_user(user).create({"name": "x", "step_id": self.step.id})
            with self.assertRaises(AccessError):
                task.with_user(user).unlink()
        task.with_user(self.process_manager).days = 4
        self.assertEqual(self._meet().date_deadline, date(2024, 5, 14))

    def test_tasks_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_stranger", self._group("manager"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.step.company_id = self.company
        point = self._meet()
        point.with_user(self.process_manager).action_postpone("x")
        signoff = point.signoff_id
        for records in (self.step.task_ids, signoff.minutes_ids, point.delay_ids):
            with self.assertRaises(AccessError):
                records.with_user(stranger).read(["display_name"])

    def test_days_that_are_none(self):
        for days in (-1, 100_000):
            with self.assertRaises(ValidationError):
                self.step.task_ids[0].days = days
