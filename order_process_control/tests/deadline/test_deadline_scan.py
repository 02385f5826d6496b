from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeadlineCommon, moment

LOGGER = "odoo.addons.order_process_control.models.deadline.order_deadline_scan"


@tagged("post_install", "-at_install")
class TestDeadlineScan(DeadlineCommon):
    """The scheduled action: levels, people, and what goes wrong. Due Tuesday, 3 March, 10:00."""

    def _alert(self, deadline):
        return self.alerts.search([("key", "=", f"deadline:{deadline.id}")])

    def _told(self, deadline, level):
        notices = self._alert(deadline).notice_ids
        return notices.filtered(lambda notice: notice.level == level).user_id

    # === LEVELS ===#

    def test_three_levels_each_to_its_own(self):
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-02 16:59")
        self.assertFalse(self._alert(deadline))
        self._scan("2026-03-02 17:00")
        alert = self._alert(deadline)
        self.assertRecordValues(
            alert,
            [
                {
                    "name": self.order.name,
                    "level": "1",
                    "state": "new",
                    "order_id": self.order.id,
                    "department_id": self.finance.id,
                    "user_id": self.salesperson.id,
                    "figures": "due 3/3/26, 10:00 AM",
                }
            ],
        )
        self.assertEqual(self._told(deadline, "1"), self.salesperson)
        self.assertEqual((deadline.state, deadline.alert_level), ("running", 1))
        self.assertEqual(deadline.next_alert_at, moment("2026-03-03 10:00"))
        self._scan("2026-03-03 10:00")
        self.assertEqual((deadline.state, deadline.alert_level), ("missed", 2))
        self.assertEqual(self._told(deadline, "2"), self.salesperson | self.manager_user)
        self._scan("2026-03-03 15:00")
        self.assertEqual((deadline.state, deadline.alert_level), ("missed", 3))
        self.assertFalse(deadline.next_alert_at)
        self.assertEqual(
            self._told(deadline, "3"), self.salesperson | self.manager_user | self.process_manager
        )
        self.assertEqual(self._alert(deadline), alert, "one alert, whose level climbs")
        self.assertEqual(alert.level, "3")
        self.assertEqual(
            deadline.event_ids.sorted("id").mapped("kind"), ["start", "miss"], "missed once"
        )

    def test_one_open_activity_a_person(self):
        deadline = self._start(at="2026-03-02 10:00")
        for at in ("2026-03-02 17:00", "2026-03-03 10:00", "2026-03-03 15:00"):
            self._scan(at)
        tasks = self._tasks(self._alert(deadline))
        self.assertEqual(tasks.user_id, self.salesperson | self.manager_user | self.process_manager)
        self.assertEqual(len(tasks), 3)
        self.assertEqual(set(tasks.mapped("summary")), {f"Emergency alert: {self.order.name}"})

    def test_the_task_of_who_is_not_told_again_stays(self):
        self.policy.write({"important_owner": False, "emergency_owner": False})
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-02 17:00")
        self._scan("2026-03-03 10:00")
        tasks = self._tasks(self._alert(deadline))
        self.assertEqual(
            {(task.user_id, task.summary.partition(":")[0]) for task in tasks},
            {(self.salesperson, "General alert"), (self.manager_user, "Important alert")},
        )

    def test_after_a_standstill_the_highest_level_at_once(self):
        """Who would have been told on the way is told as well, each once."""
        self.policy.write({"emergency_owner": False})
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-20 10:00")
        self.assertEqual((deadline.state, deadline.alert_level), ("missed", 3))
        notices = self._alert(deadline).notice_ids
        self.assertEqual(set(notices.mapped("level")), {"3"})
        self.assertEqual(
            notices.user_id, self.salesperson | self.manager_user | self.process_manager
        )

    def test_again_and_again_tells_nobody_twice(self):
        deadline = self._start(at="2026-03-02 10:00")
        for _time in range(3):
            self._scan("2026-03-03 10:05")
        self.assertEqual(len(self._alert(deadline).notice_ids), 2)
        # Even when the level is lost, as by a crash between two systems
        self.env.cr.execute(
            "UPDATE order_deadline SET alert_level = 0, next_alert_at = started_at WHERE id = %s",
            [deadline.id],
        )
        deadline.invalidate_recordset()
        self._scan("2026-03-03 10:06")
        self.assertEqual(len(self._alert(deadline).notice_ids), 2)
        self.assertEqual(len(self._tasks(self._alert(deadline))), 2)

    # === ITS END ===#

    def test_the_alert_goes_with_its_cause(self):
        for end in ("_stop", "_cancel"):
            deadline = self._start(at="2026-03-02 10:00")
            self._scan("2026-03-03 10:05")
            alert = self._alert(deadline)
            self.assertTrue(self._tasks(alert))
            getattr(deadline, end)()
            self.assertEqual(alert.state, "resolved")
            self.assertTrue(alert.is_auto_resolved)
            self.assertFalse(self._tasks(alert))

    def test_resolved_by_hand_and_climbing_again(self):
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-03 10:05")
        first = self._alert(deadline)
        first.with_user(self.manager_user).action_resolve("Holiday", "Asked a colleague")
        self._scan("2026-03-03 15:05")
        second = self._alert(deadline) - first
        self.assertEqual(second.level, "3")
        self.assertEqual(first.state, "resolved")

    # === PEOPLE ===#

    def _recipients(self, orders=None, **vals):
        deadline = self._start(orders, at="2026-03-02 10:00", **vals)
        self._scan("2026-03-02 17:00")
        return self._told(deadline, "1")

    def test_deputy_of_the_absent(self):
        today = fields.Date.today()
        self.env["order.deputy"].create(
            {
                "user_id": self.salesperson.id,
                "deputy_id": self.other_salesperson.id,
                "date_from": "2026-03-01",
                "date_to": max(today, fields.Date.to_date("2026-03-05")),
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._recipients(), self.other_salesperson)

    def test_leavers_are_passed_over(self):
        self.salesperson.active = False
        self.assertEqual(self._recipients(), self.manager_user, "the department's manager")
        self.manager_user.active = False
        self.assertEqual(self._recipients(), self.process_manager)
        self.process_manager.active = False
        self.assertIn(self.env.ref("base.user_admin"), self._recipients())

    def test_nobody_named(self):
        self.assertEqual(self._recipients(user_id=False), self.manager_user)
        self.assertEqual(self._recipients(user_id=False, department_id=False), self.process_manager)

    def test_who_works_in_another_company_is_passed_over(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.salesperson.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        self.assertEqual(self._recipients(self.order.sudo()), self.manager_user)

    def test_who_has_acknowledged_is_not_told_again(self):
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-02 17:00")
        alert = self._alert(deadline)
        alert.with_user(self.salesperson).action_acknowledge()
        self.assertEqual(alert.state, "acknowledged")
        self.assertFalse(self._tasks(alert))
        self._scan("2026-03-03 10:00")
        self.assertEqual(alert.level, "2", "it climbs all the same")
        self.assertEqual(alert.state, "new", "for those who hear of it now")
        self.assertEqual(self._told(deadline, "2"), self.manager_user)

    # === MAIL ===#

    def test_no_mail_unless_asked_for(self):
        before = self.env["mail.mail"].search_count([])
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-03 10:00")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertEqual(set(self._alert(deadline).notice_ids.mapped("mail_state")), {"none"})

    @mute_logger("odoo.addons.order_process_control.models.deadline.order_alert_mail")
    def test_one_mail_a_person(self):
        self.policy.send_mail = True
        self.salesperson.email, self.manager_user.email = "seller@example.com", False
        before = self.env["mail.mail"].search([])
        deadlines = self._start(self.order | self._create_order(), at="2026-03-02 10:00")
        self._scan("2026-03-03 10:00")
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(len(mail), 1)
        self.assertIn("seller@example.com", mail.email_to)
        self.assertEqual(mail.subject, "2 alerts need you")
        self.assertEqual(mail.state, "outgoing")
        notices = self.alerts.search([("deadline_id", "in", deadlines.ids)]).notice_ids
        for deadline in deadlines:
            self.assertIn(deadline.name, mail.body_html)
        self.assertEqual(
            {(notice.user_id, notice.mail_state) for notice in notices},
            {(self.salesperson, "queued"), (self.manager_user, "failed")},
        )

    # === WHAT GOES WRONG ===#

    def _fail_for(self, poisoned):
        prepare = type(self.deadlines)._prepare_cause

        def fail(self, *args):
            if self == poisoned:
                raise ValueError("poisoned")
            return prepare(self, *args)

        return patch.object(type(self.deadlines), "_prepare_cause", fail)

    def test_a_row_that_raises_loses_only_itself(self):
        orders = self.order.concat(*(self._create_order() for _number in range(6)))
        deadlines = self._start(orders, at="2026-03-02 10:00")
        poisoned = deadlines[3]
        with self._fail_for(poisoned), self.assertLogs(LOGGER, "ERROR") as logs:
            self._scan("2026-03-03 10:00")
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(set((deadlines - poisoned).mapped("alert_level")), {2})
        self.assertEqual(len((deadlines - poisoned).mapped("event_ids")), 12)
        self.assertRecordValues(
            poisoned,
            [
                {
                    "alert_level": 0,
                    "failures": 1,
                    "state": "running",
                    "next_alert_at": moment("2026-03-03 10:05"),
                }
            ],
        )
        self.assertEqual(self.deadlines._get_poisoned(self.company), poisoned)
        with self._fail_for(poisoned), mute_logger(LOGGER):
            self._scan("2026-03-03 10:04")
            self.assertEqual(poisoned.failures, 1, "not before it is its turn")
            self._scan("2026-03-03 10:05")
        self.assertEqual(poisoned.failures, 2)
        self.assertEqual(poisoned.next_alert_at, moment("2026-03-03 10:15"))
        self._scan("2026-03-03 10:15")
        self.assertRecordValues(poisoned, [{"failures": 0, "alert_level": 2, "state": "missed"}])
        self.assertFalse(self.deadlines._get_poisoned(self.company))

    def test_the_wait_has_a_limit(self):
        deadline = self._start(at="2026-03-02 10:00")
        self.env.cr.execute("UPDATE order_deadline SET failures = 500 WHERE id = %s", [deadline.id])
        deadline.invalidate_recordset()
        with self._fail_for(deadline), mute_logger(LOGGER):
            self._scan("2026-03-03 10:00")
        self.assertEqual(deadline.next_alert_at, moment("2026-03-04 10:00"))

    def test_gone_policy_still_alerts(self):
        deadline = self._start(at="2026-03-02 10:00")
        self.policy.unlink()
        self._scan("2026-03-03 10:00")
        self.assertEqual(
            self._told(deadline, "2"), self.salesperson | self.manager_user | self.process_manager
        )

    # === TO THE MINUTE ===#

    def test_it_asks_to_be_called_for_what_comes_before_the_next_run(self):
        self._start(at="2026-03-02 10:00")
        self._start(at="2026-03-02 10:00", minutes=9 * 60)
        with self._at("2026-03-02 16:57:30"):
            wanted = self._scan()
        self.assertEqual(wanted, [moment("2026-03-02 17:01")])
        self.assertEqual(self._scan("2026-03-02 16:00"), [])

    def test_a_short_promise_calls_it_at_once(self):
        wanted = []
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_trigger", lambda self, at: wanted.extend(at)):
            with self._at("2026-03-02 10:00"):
                self._start(minutes=4)
                self.assertEqual(wanted, [moment("2026-03-02 10:04")])
                deadline = self._start(minutes=60)
                self.assertEqual(len(wanted), 1)
                deadline._pause("Question")
            with self._at("2026-03-02 11:00"):
                deadline._resume()
                self.assertEqual(len(wanted), 1)

    def test_idle_costs_next_to_nothing(self):
        self._start()
        self._scan()
        with self.assertQueryCount(2):
            self._scan()

    def test_in_batches(self):
        orders = self.order.concat(*(self._create_order() for _number in range(6)))
        deadlines = self._start(orders, at="2026-03-02 10:00")
        progress = []

        def commit(self, processed=0, *, remaining=None, **kwargs):
            progress.append((processed, remaining))
            return 60

        with self._at("2026-03-03 10:00"):
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit):
                self.env["order.deadline"]._cron_scan(limit=3)
        self.assertEqual(progress, [(3, 3), (3, 3), (1, 0)])
        self.assertEqual(set(deadlines.mapped("alert_level")), {2})

    def test_out_of_time(self):
        orders = self.order.concat(*(self._create_order() for _number in range(3)))
        deadlines = self._start(orders, at="2026-03-02 10:00")
        with self._at("2026-03-03 10:00"):
            with patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0
            ):
                self.env["order.deadline"]._cron_scan(limit=3)
        self.assertEqual(len(deadlines.filtered("alert_level")), 3)

    def test_the_scheduled_action_itself(self):
        deadline = self._start(at="2026-03-02 10:00")
        with self.enter_registry_test_mode():
            cron = self.env.ref("order_process_control.ir_cron_order_deadline_scan")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(deadline.alert_level, 3)
