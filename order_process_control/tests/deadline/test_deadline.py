from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeadlineCommon, moment


@tagged("post_install", "-at_install")
class TestDeadline(DeadlineCommon):
    """The course of a promise: eight working hours from Monday, 2 March 2026, on."""

    def _kinds(self, deadline):
        return deadline.event_ids.sorted("id").mapped("kind")

    # === WHAT A SCREEN SHOWS ===#

    def test_open_and_ended_are_searched_as_they_show(self):
        open_, ended = self._start(), self._start()
        ended._stop()
        both = [("id", "in", (open_ | ended).ids)]
        self.assertEqual(open_.hours, 8)
        for operator, value, found in (
            ("=", True, open_),
            ("!=", True, ended),
            ("=", False, ended),
        ):
            with self.subTest(operator=operator, value=value):
                domain = [*both, ("is_open", operator, value)]
                self.assertEqual(self.deadlines.search(domain), found)
                by_hand = (open_ | ended).filtered_domain([("is_open", operator, value)])
                self.assertEqual(by_hand, found)

    def test_opens_what_was_promised_for_who_may_read_it(self):
        deadline = self._start()
        action = deadline.with_user(self.salesperson).action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", self.order.id))
        own = self._start(user_id=self.employee.id).with_user(self.employee)
        with self.assertRaises(AccessError):
            own.action_open_record()

    # === START ===#

    def test_start(self):
        deadline = self._start(at="2026-03-02 10:00")
        self.assertRecordValues(
            deadline,
            [
                {
                    "name": self.order.name,
                    "state": "running",
                    "policy_id": self.policy.id,
                    "res_model": "sale.order",
                    "res_id": self.order.id,
                    "calendar_id": self.calendar.id,
                    "minutes": 480,
                    "warn_at": moment("2026-03-02 17:00"),
                    "deadline": moment("2026-03-03 10:00"),
                    "emergency_at": moment("2026-03-03 15:00"),
                    "next_alert_at": moment("2026-03-02 17:00"),
                    "alert_level": 0,
                    "stopped_at": False,
                }
            ],
        )
        self.assertRecordValues(
            deadline.event_ids,
            [{"kind": "start", "at": moment("2026-03-02 10:00"), "minutes": 480}],
        )

    def test_one_statement_for_many(self):
        orders = self.order | self._create_order() | self._create_order()
        self._start()
        for name in ("name", "user_id", "company_id"):
            orders.mapped(name)
        with self.assertQueryCount(1):
            deadlines = self._start(orders)
        self.assertEqual(deadlines.mapped("res_id"), orders.ids)

    def test_without_warning_and_emergency(self):
        self.policy.write({"warning_percent": 0, "emergency_hours": 0})
        deadline = self._start(at="2026-03-02 10:00")
        self.assertFalse(deadline.warn_at)
        self.assertFalse(deadline.emergency_at)
        self.assertEqual(deadline.next_alert_at, deadline.deadline)

    @mute_logger("odoo.addons.order_process_control.models.deadline.order_deadline_start")
    def test_what_cannot_be_timed_stops_nobody(self):
        other = self._create_order()
        prepare = type(self.deadlines)._prepare_start_vals

        def fail(self, vals, *args):
            if vals["record"] == other:
                raise ValueError("broken")
            return prepare(self, vals, *args)

        with patch.object(type(self.deadlines), "_prepare_start_vals", fail):
            deadlines = self._start(self.order | other)
        self.assertEqual(deadlines.res_id, self.order.id)

    # === THE END ===#

    def test_met(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._stop(at=moment("2026-03-02 14:00"))
        self.assertRecordValues(
            deadline,
            [
                {
                    "state": "met",
                    "used_minutes": 180,
                    "delay_minutes": 0,
                    "remaining_minutes": 300,
                    "next_alert_at": False,
                    "stopped_at": moment("2026-03-02 14:00"),
                }
            ],
        )
        self.assertEqual(self._kinds(deadline), ["start", "meet"])
        deadline._stop(at=moment("2026-03-09 14:00"))
        deadline._cancel()
        self.assertEqual(deadline.state, "met", "what has ended has ended")

    def test_to_the_second(self):
        on_time = self._start(at="2026-03-02 10:00")
        on_time._stop(at=moment("2026-03-03 10:00:00"))
        self.assertEqual(on_time.state, "met")
        late = self._start(at="2026-03-02 10:00")
        late._stop(at=moment("2026-03-03 10:00:01"))
        self.assertEqual(late.state, "missed")

    def test_fulfilled_late_stays_missed_and_knows_by_how_much(self):
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-03 10:30")
        self.assertEqual(deadline.state, "missed")
        self.assertFalse(deadline.stopped_at)
        self.assertTrue(deadline.is_open)
        deadline._stop(at=moment("2026-03-03 12:30"))
        self.assertRecordValues(
            deadline, [{"state": "missed", "delay_minutes": 120, "used_minutes": 600}]
        )
        self.assertEqual(self._kinds(deadline), ["start", "miss", "fulfil"])
        self.assertEqual(deadline.event_ids.sorted("id")[1].at, moment("2026-03-03 10:00"))

    def test_late_before_the_scan_saw_it(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._stop(at=moment("2026-03-03 11:00"))
        self.assertEqual(deadline.state, "missed")
        self.assertEqual(deadline.delay_minutes, 60)
        self.assertEqual(self._kinds(deadline), ["start", "miss", "fulfil"])

    def test_late_outside_working_hours(self):
        deadline = self._start(at="2026-03-02 08:00")
        deadline._stop(at=moment("2026-03-02 20:00"))
        self.assertEqual(deadline.state, "missed")
        self.assertEqual(deadline.delay_minutes, 0)

    def test_cancelled_is_neither_met_nor_missed(self):
        deadline = self._start(at="2026-03-02 10:00")
        with self._at("2026-03-05 10:00"):
            deadline._cancel("Withdrawn")
        self.assertEqual(deadline.state, "cancelled")
        self.assertEqual(deadline.delay_minutes, 0)
        event = deadline.event_ids.sorted("id")[-1]
        self.assertEqual((event.kind, event.reason), ("cancel", "Withdrawn"))

    def test_exempt_with_reason(self):
        deadline = self._start()
        managed = deadline.with_user(self.process_manager)
        for reason in ("", "  ", None, False, 5):
            with self.assertRaises(UserError):
                managed.action_exempt(reason)
        for user in (self.salesperson, self.sales_manager, self.auditor):
            with self.assertRaises(AccessError):
                deadline.with_user(user).action_exempt("Because")
        managed.action_exempt(" The customer is on holiday ")
        self.assertEqual(deadline.state, "exempt")
        event = deadline.event_ids.sorted("id")[-1]
        self.assertEqual(event.reason, "The customer is on holiday")
        self.assertEqual(event.user_id, self.process_manager)
        with self.assertRaises(UserError):
            managed.action_exempt("Again")

    def test_exempt_on_the_screen(self):
        deadline = self._start()
        for user, state in ((self.auditor, "running"), (self.process_manager, "exempt")):
            action = deadline.with_user(self.process_manager).action_open_exemption()
            wizard = self.env[action["res_model"]].browse(action["res_id"]).with_user(user)
            wizard.sudo().text = "On holiday"
            if user == self.auditor:
                with self.assertRaises(AccessError):
                    wizard.action_run()
            else:
                wizard.action_run()
            self.assertEqual(deadline.state, state)

    def test_exempt_in_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        deadline = self._start(company_id=elsewhere.id)
        with self.assertRaises(AccessError):
            deadline.with_user(self.process_manager).action_exempt("Because")

    # === PAUSE ===#

    def test_pause_and_resume(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._pause("Question", at=moment("2026-03-02 11:00"))
        self.assertRecordValues(
            deadline,
            [
                {
                    "state": "paused",
                    "remaining_minutes": 420,
                    "pause_reason": "Question",
                    "next_alert_at": False,
                }
            ],
        )
        self._scan("2026-03-20 10:00")
        self.assertFalse(self.alerts.search([("deadline_id", "=", deadline.id)]))
        deadline._resume(at=moment("2026-03-09 09:00"))
        self.assertRecordValues(
            deadline,
            [
                {
                    "state": "running",
                    "paused_at": False,
                    "pause_reason": False,
                    "warn_at": moment("2026-03-09 15:00"),
                    "deadline": moment("2026-03-09 17:00"),
                    "emergency_at": moment("2026-03-10 12:00"),
                    "next_alert_at": moment("2026-03-09 15:00"),
                }
            ],
        )
        deadline._stop(at=moment("2026-03-09 10:00"))
        self.assertEqual((deadline.state, deadline.used_minutes), ("met", 120))
        self.assertEqual(self._kinds(deadline), ["start", "pause", "resume", "meet"])

    def test_closing_from_a_pause_credits_the_pause(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._pause("Question", at=moment("2026-03-02 11:00"))
        deadline._stop(at=moment("2026-04-02 11:00"))
        self.assertEqual((deadline.state, deadline.used_minutes), ("met", 60))
        self.assertEqual(deadline.stopped_at, moment("2026-04-02 11:00"))

    def test_paused_after_it_was_due(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._pause("Question", at=moment("2026-03-03 11:00"))
        self.assertEqual((deadline.state, deadline.remaining_minutes), ("missed", -60))
        self.assertEqual(self._kinds(deadline), ["start", "miss", "pause"])
        deadline._resume(at=moment("2026-03-09 11:00"))
        self.assertEqual(deadline.deadline, moment("2026-03-09 10:00"))
        self.assertEqual(deadline.next_alert_at, moment("2026-03-09 08:00"))
        deadline._stop(at=moment("2026-03-09 12:00"))
        self.assertEqual((deadline.state, deadline.delay_minutes), ("missed", 120))

    def test_pausing_twice_and_resuming_what_runs(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._resume(at=moment("2026-03-02 10:30"))
        self.assertEqual(self._kinds(deadline), ["start"])
        deadline._pause("One", at=moment("2026-03-02 11:00"))
        deadline._pause("Two", at=moment("2026-03-02 15:00"))
        self.assertEqual((deadline.pause_reason, deadline.remaining_minutes), ("One", 420))

    # === OTHER TIMES ===#

    def test_priority_changed(self):
        self.policy.line_ids = [(0, 0, {"priority": "1", "minutes": 240})]
        deadline = self._start(at="2026-03-02 10:00")
        deadline._pause("Question", at=moment("2026-03-02 11:00"))
        deadline._resume(at=moment("2026-03-03 09:00"))
        with self._at("2026-03-03 10:00"):
            deadline._reevaluate({deadline.id: {"priority": "1"}})
        self.assertEqual(deadline.minutes, 240)
        self.assertEqual(deadline.priority, "1")
        # 120 of the 240 are used: what was used and paused stays
        self.assertEqual(deadline.deadline, moment("2026-03-03 12:00"))
        self.assertEqual(deadline.warn_at, moment("2026-03-03 11:00"))
        self.assertEqual(self._kinds(deadline)[-1], "reevaluate")
        deadline._stop(at=moment("2026-03-03 11:00"))
        self.assertEqual(deadline.used_minutes, 180)

    def test_evaluated_anew_while_paused(self):
        deadline = self._start(at="2026-03-02 10:00")
        deadline._pause("Question", at=moment("2026-03-02 11:00"))
        self.policy.line_ids.minutes = 120
        with self._at("2026-03-04 10:00"):
            deadline._reevaluate()
        self.assertEqual(deadline.remaining_minutes, 60)
        self.assertFalse(deadline.next_alert_at)
        deadline._resume(at=moment("2026-03-05 10:00"))
        self.assertEqual(deadline.deadline, moment("2026-03-05 11:00"))

    def test_what_is_missed_stays_missed(self):
        deadline = self._start(at="2026-03-02 10:00")
        self._scan("2026-03-03 10:30")
        due = deadline.deadline
        self.policy.line_ids.minutes = 24000
        with self._at("2026-03-03 11:00"):
            deadline._reevaluate()
            deadline._extend(600, "Please")
        self.assertEqual((deadline.state, deadline.deadline), ("missed", due))

    def test_extended(self):
        deadline = self._start(at="2026-03-02 10:00")
        with self._at("2026-03-02 11:00"):
            deadline._extend(120, "More lines than usual")
        self.assertEqual(deadline.deadline, moment("2026-03-03 12:00"))
        event = deadline.event_ids.sorted("id")[-1]
        self.assertEqual(
            (event.kind, event.minutes, event.reason), ("extend", 120, "More lines than usual")
        )

    # === WORDS ===#

    def test_time_in_words(self):
        deadline = self._start(at="2026-03-02 10:00")

        def text(at):
            with self._at(at):
                deadline.invalidate_recordset(["time_text"])
                return deadline.time_text

        self.assertEqual(text("2026-03-02 10:00"), "1 d left")
        self.assertEqual(text("2026-03-03 08:00"), "2 h left")
        self.assertEqual(text("2026-03-03 08:15"), "1 h 45 min left")
        self.assertEqual(text("2026-03-03 09:40"), "20 min left")
        self.assertEqual(text("2026-03-03 11:00"), "late by 1 h")
        self.assertEqual(text("2026-03-04 14:00"), "late by 1 d 3 h")
        deadline._pause("Question", at=moment("2026-03-03 08:00"))
        self.assertEqual(text("2026-03-09 08:00"), "paused, 2 h left")
        deadline._stop(at=moment("2026-03-09 08:00"))
        self.assertEqual(text("2026-03-09 08:00"), "")
        late = self._start(at="2026-03-02 10:00")
        late._stop(at=moment("2026-03-03 11:00"))
        self.assertEqual(late.time_text, "was late by 1 h")

    def test_words_cost_the_same_for_many(self):
        deadlines = self._start(self.order | self._create_order() | self._create_order())
        deadlines._get_time_text()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            self.assertEqual(len(deadlines._get_time_text()), 3)
