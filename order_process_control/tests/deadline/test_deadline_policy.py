from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeadlineCommon, moment


@tagged("post_install", "-at_install")
class TestDeadlinePolicy(DeadlineCommon):
    """Which policy, and which of its times."""

    def _minutes(self, policy, order_class=None, priority=False):
        info = policy._get_infos()[policy.id]
        return info.get_minutes(order_class.id if order_class else False, priority)

    def test_the_most_specific_line(self):
        special = self.env.ref("order_process_control.order_class_special")
        policy = self._create_policy(
            1440,
            [
                {"class_id": special.id, "minutes": 720},
                {"priority": "1", "minutes": 120},
                {"class_id": special.id, "priority": "1", "minutes": 60},
            ],
        )
        self.assertEqual(self._minutes(policy), 1440)
        self.assertEqual(self._minutes(policy, special), 720)
        self.assertEqual(self._minutes(policy, None, "1"), 120)
        self.assertEqual(self._minutes(policy, special, "1"), 60)
        self.assertEqual(self._minutes(policy, special, "0"), 720)
        policy.line_ids.filtered(lambda line: line.minutes == 60).unlink()
        self.assertEqual(self._minutes(policy, special, "1"), 120, "priority before class")

    def test_shipped_times_of_orders(self):
        """24 / 12 / 2 hours (R-157), elapsed."""
        policy = self.env.ref("order_process_control.order_deadline_policy_release")
        policy.action_unarchive()
        special = self.env.ref("order_process_control.order_class_special")
        self.assertEqual(policy.time_basis, "elapsed")
        self.assertEqual(self._minutes(policy), 24 * 60)
        self.assertEqual(self._minutes(policy, special), 12 * 60)
        self.assertEqual(self._minutes(policy, special, "1"), 2 * 60)
        self.assertEqual(policy.times_text, "24 h, 12 h Special, 2 h Urgent")
        policy.line_ids[-1].minutes = 20
        self.assertEqual(policy.times_text, "24 h, 12 h Special, 20 min Urgent")

    def test_department_and_company_go_first(self):
        policies = self.env["order.deadline.policy"]

        def find(clock, company, department):
            info = policies._find_info(clock, company.id, department.id)
            return policies.browse(info and info.id)

        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(find("signoff", self.company, self.finance), self.policy)
        own = self._create_policy(company_id=self.company.id)
        self.assertEqual(find("signoff", self.company, self.finance), own)
        self.assertEqual(find("signoff", elsewhere, self.finance), self.policy)
        finance = self._create_policy(department_ids=[(6, 0, self.finance.ids)])
        self.assertEqual(find("signoff", self.company, self.finance), finance)
        self.assertEqual(find("signoff", self.company, self.production), own)
        self.assertEqual(find("signoff", self.company, self.finance.browse()), own)
        finance.active = False
        self.assertEqual(find("signoff", self.company, self.finance), own)
        self.assertFalse(find("answer", self.company, self.finance))

    def test_whose_hours_count(self):
        own = self._create_calendar(hours=[(20, 22)])
        chosen = self._create_calendar(hours=[(6, 7)])
        start = {"at": "2026-03-02 05:00", "minutes": 30}
        self.assertEqual(self._start(**start).deadline, moment("2026-03-02 08:30"))
        self.finance.order_calendar_id = own
        deadline = self._start(**start)
        self.assertEqual(deadline.calendar_id, own)
        self.assertEqual(deadline.deadline, moment("2026-03-02 20:30"))
        self.policy.calendar_id = chosen
        self.assertEqual(self._start(**start).deadline, moment("2026-03-02 06:30"))
        self.policy.time_basis = "elapsed"
        deadline = self._start(**start)
        self.assertFalse(deadline.calendar_id)
        self.assertEqual(deadline.deadline, moment("2026-03-02 05:30"))

    def test_what_is_wrong_is_said_and_stops_nobody(self):
        empty = self.env["order.deadline.policy"].create({"name": "Empty", "clock": "answer"})
        self.assertIn("no times", empty.problem)
        self.assertFalse(self._start(clock="answer"))
        self.assertFalse(self.policy.problem)
        self.policy.calendar_id = self._create_calendar(days=())
        self.assertIn("no working hours", self.policy.problem)
        with mute_logger("odoo.addons.order_process_control.models.deadline.working_time"):
            deadline = self._start(at="2026-03-06 16:00")
        self.assertEqual(deadline.deadline, moment("2026-03-07 00:00"))
        self.assertFalse(deadline.calendar_id)

    @mute_logger("odoo.sql_db")
    def test_impossible_times_are_refused(self):
        for vals in ({"minutes": 0}, {"minutes": -5}, {"minutes": 1e9}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_policy(lines=[{"priority": "1", **vals}])
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_policy(lines=[{"minutes": 5}])
        for vals in ({"warning_percent": 100}, {"warning_percent": -1}, {"emergency_hours": -1}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_policy(**vals)

    def test_only_managers_write_policies(self):
        self.policy.with_user(self.process_manager).write({"warning_percent": 50})
        for user in (self.salesperson, self.sales_manager, self.finance_user, self.auditor):
            policy = self.policy.with_user(user)
            self.assertEqual(policy.name, "Test promise")
            with self.assertRaises(AccessError):
                policy.write({"warning_percent": 1})
            with self.assertRaises(AccessError):
                policy.line_ids.write({"minutes": 1})
            with self.assertRaises(AccessError):
                policy.copy()

    def test_kept_in_memory(self):
        self._start()
        with self.assertQueryCount(0):
            self.env["order.deadline.policy"]._find_info(
                "signoff", self.company.id, self.finance.id
            )
        self.policy.line_ids.hours = 2
        self.assertEqual(self._start().minutes, 120)
