from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .rounds import RoundsCommon


class MeetingCommon(RoundsCommon):
    """An order that Finance approves only after a review meeting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance, needs_meeting=True)

    def _plan(self, order, user=None, name="Finance", **vals):
        """Save the event that the button proposes, as the web client does."""
        user = user or self.finance_user
        action = self._signoff(order, name).with_user(user).action_plan_meeting()
        events = self.env["calendar.event"].with_user(user).with_context(**action["context"])
        defaults = events.default_get(["name", "start", "stop", "privacy", "res_model", "res_id"])
        partners = [Command.set(action["context"]["default_partner_ids"])]
        return events.create({**defaults, "partner_ids": partners, **vals})

    def _plan_past(self, order, user=None, **vals):
        start = fields.Datetime.now() - timedelta(hours=2)
        return self._plan(order, user, start=start, stop=start + timedelta(hours=1), **vals)

    def _minute(self, order, text="All agreed", user=None, name="Finance", **kwargs):
        signoff = self._signoff(order, name).with_user(user or self.finance_user)
        return signoff.action_record_minutes(text, **kwargs)


@tagged("post_install", "-at_install")
class TestMeeting(MeetingCommon):
    """No approval without meeting and minutes (R-084, R-142)."""

    def test_approved_only_after_meeting_and_minutes(self):
        order = self._submit()
        with self.assertRaisesRegex(UserError, "Plan the meeting, hold it"):
            self._approve(order, "Finance", self.finance_user)
        event = self._plan_past(order)
        signoff = self._signoff(order, "Finance")
        self.assertEqual(signoff.meeting_id, event)
        with self.assertRaisesRegex(UserError, "minutes of the review meeting of .* are missing"):
            self._approve(order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "what the meeting found"):
            self._minute(order, " \u200b")
        self._minute(order, "Capacity is there")
        self.assertEqual(signoff.minutes, "Capacity is there")
        self.assertEqual(signoff.meeting_held_at, event.start)
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(
            [kind for kind in self._kinds(order) if kind in ("meeting", "minutes")],
            ["meeting", "minutes"],
        )
        self._assert_ledger_intact(order)

    def test_rejected_without_meeting(self):
        order = self._submit()
        self._reject(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "rejected")

    def test_mass_approval_needs_the_meeting_as_well(self):
        order = self._submit()
        results = (
            self._signoff(order, "Finance")
            .with_user(self.finance_user)
            .action_decide_many("approved", "Fine", True)
        )
        self.assertFalse(results[0]["done"])
        self.assertIn("review meeting", results[0]["message"])
        self.assertEqual(self._states(order), {"Finance": "pending"})

    def test_the_database_holds_it_as_well(self):
        order = self._submit()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "meeting_before_approval"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE order_signoff SET state = 'approved' WHERE id = %s",
                [self._signoff(order, "Finance").id],
            )

    def test_meeting_to_come_has_no_minutes(self):
        order = self._submit()
        self._plan(order)
        with self.assertRaisesRegex(UserError, "still to come"):
            self._minute(order)
        with self.assertRaisesRegex(UserError, "still to come"):
            self._minute(order, held_at="2090-01-01 10:00:00")

    def test_meeting_that_was_in_no_calendar(self):
        order = self._submit()
        with self.assertRaisesRegex(UserError, "there is no meeting yet"):
            self._minute(order)
        for wrong in ("soon", 5, {"a": 1}, ["2020-01-01"]):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._minute(order, held_at=wrong)
        self._minute(order, held_at="2024-05-03 09:00:00")
        signoff = self._signoff(order, "Finance")
        self.assertEqual(signoff.meeting_held_at, datetime(2024, 5, 3, 9))
        self.assertEqual(signoff.meeting_id.partner_ids, self.finance_user.partner_id)
        self._approve(order, "Finance", self.finance_user)

    def test_invitation(self):
        self._create_step("Production", self.production)
        order = self._submit()
        action = self._signoff(order, "Finance").with_user(self.finance_user).action_plan_meeting()
        context = action["context"]
        users = self.finance_user | self.finance_user2 | self.production_user | self.salesperson
        self.assertEqual(set(context["default_partner_ids"]), set(users.partner_id.ids))
        self.assertEqual(context["default_name"], f"Review meeting: {order.name}")
        self.assertNotIn(self.customer.name, str(context))
        start = fields.Datetime.to_datetime(context["default_start"])
        self.assertGreater(start, fields.Datetime.now())
        calendar = self.company.resource_calendar_id
        self.assertEqual(
            calendar.get_work_hours_count(start, start + timedelta(hours=1)), 1.0, start
        )
        event = self._plan(order)
        self.env.invalidate_all()
        self.assertEqual(event.with_user(self.employee).display_name, "Busy")
        again = self._signoff(order, "Finance").with_user(self.salesperson).action_plan_meeting()
        self.assertEqual(again["res_id"], event.id)

    def test_planning_gives_nobody_an_activity_on_the_signoff(self):
        order = self._submit()
        self.env["mail.activity.type"].create({"name": "Meet", "category": "meeting"})
        event = self._plan(order)
        self.assertFalse(event.activity_ids)
        self.assertEqual(
            self._bells(self._signoff(order, "Finance")), self.finance_user | self.finance_user2
        )

    def test_one_meeting_for_the_departments_of_a_round(self):
        self._create_step("Production", self.production, needs_meeting=True)
        self._create_step(
            "Board", reviewer_ids=self.sales_manager.ids, needs_meeting=True, sequence=90
        )
        self._create_step("Sales", reviewer_ids=self.process_manager.ids)
        order = self._submit()
        event = self._plan_past(order)
        linked = order.sudo().signoff_ids.filtered("meeting_id")
        self.assertEqual(set(linked.mapped("name")), {"Finance", "Production", "Board"})
        self.assertEqual(linked.meeting_id, event)
        self._minute(order, "Together")
        self.assertEqual(linked.mapped("minutes"), ["Together"] * 3)
        self._approve(order, "Production", self.production_user)
        self._assert_ledger_intact(order)

    def test_one_meeting_for_several_orders(self):
        orders = self._submit() | self._submit()
        event = self._plan_past(orders[0])
        signoffs = orders.sudo().signoff_ids
        other = self._signoff(orders[1], "Finance").with_user(self.finance_user)
        with self.assertRaisesRegex(UserError, "no meeting yet"):
            other.action_record_minutes("x")
        other.action_set_meeting(event.id)
        signoffs.with_user(self.finance_user).action_record_minutes("Both discussed")
        self.assertEqual(signoffs.mapped("minutes"), ["Both discussed"] * 2)
        signoffs.with_user(self.finance_user).action_approve()
        self.assertEqual(orders.mapped("review_state"), ["approved"] * 2)

    def test_minutes_survive_the_event_and_are_only_added_to(self):
        order = self._submit()
        event = self._plan_past(order)
        self._minute(order, "First")
        event.with_user(self.finance_user).action_archive()
        self.assertEqual(self._signoff(order, "Finance").minutes, "First")
        event.with_user(self.finance_user).unlink()
        signoff = self._signoff(order, "Finance")
        signoff.invalidate_recordset()
        self.assertEqual((bool(signoff.meeting_id), signoff.minutes), (False, "First"))
        self._approve(order, "Finance", self.finance_user)
        self._minute(order, "Correction: 5 pieces")
        self.assertEqual(signoff.minutes_ids.mapped("is_correction"), [False, True])
        self.assertEqual(signoff.minutes, "First\n\nCorrection: 5 pieces")
        with self.assertRaises(UserError):
            self._minute(order, "I was not there", user=self.finance_user2)
        self._assert_ledger_intact(order)

    def test_cancelled_event_is_no_meeting(self):
        order = self._submit()
        event = self._plan_past(order)
        event.with_user(self.finance_user).action_archive()
        with self.assertRaisesRegex(UserError, "no meeting yet"):
            self._minute(order)
        again = self._plan_past(order)
        self.assertEqual(self._signoff(order, "Finance").meeting_id, again)

    def test_changed_or_cut_minutes_are_found(self):
        order = self._submit()
        self._plan_past(order)
        self._minute(order, "True")
        entry = self._signoff(order, "Finance").minutes_ids
        self.env.cr.execute(
            "UPDATE order_signoff_minutes SET text = 'False' WHERE id = %s", [entry.id]
        )
        self.env.invalidate_all()
        notice = order.sudo().action_verify_ledger()["params"]
        self.assertIn("minutes of Finance", notice["message"])
        self.env.cr.execute("DELETE FROM order_signoff_minutes WHERE id = %s", [entry.id])
        self.env.invalidate_all()
        notice = order.sudo().action_verify_ledger()["params"]
        self.assertIn("missing", notice["message"])

    # === WHO MAY ===#

    def test_who_plans(self):
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        for user in (self.finance_user, self.finance_user2, self.salesperson):
            self.assertIn("context", signoff.with_user(user).action_plan_meeting())
        for user in (self.auditor, self.sales_manager):
            with self.assertRaisesRegex(UserError, "planned by who can sign"):
                signoff.with_user(user).action_plan_meeting()
        for user in (self.employee, self.production_user, self.other_salesperson):
            with self.assertRaises(AccessError):
                signoff.with_user(user).action_plan_meeting()

    def test_who_records(self):
        order = self._submit()
        self._plan_past(order)
        for user in (self.salesperson, self.sales_manager, self.auditor, self.process_manager):
            with self.assertRaises(UserError):
                self._minute(order, user=user)
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        for user in (self.employee, self.production_user, self.other_salesperson, portal):
            with self.assertRaises(AccessError):
                self._minute(order, user=user)
        self.assertFalse(self._signoff(order, "Finance").minutes_ids)

    def test_event_with_any_id_is_no_meeting(self):
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        model_id = self.env["ir.model"]._get_id("order.signoff")
        vals = {
            "name": "Trick",
            "start": "2024-01-01 10:00:00",
            "stop": "2024-01-01 11:00:00",
            "res_model_id": model_id,
            "res_id": signoff.id,
        }
        for user in (self.employee, self.auditor, self.other_salesperson):
            self.env["calendar.event"].with_user(user).create(vals)
            self.assertFalse(signoff.meeting_id)
        self.env["calendar.event"].with_user(self.finance_user).create({**vals, "res_id": 2**30})
        event = self._plan_past(order)
        # A copy of the meeting does not take its place
        self.env["calendar.event"].with_user(self.finance_user).create(vals)
        event.with_user(self.finance_user).copy()
        self.assertEqual(signoff.meeting_id, event)

    def test_choosing_an_event(self):
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        vals = {"name": "Lunch", "start": "2024-01-01 10:00:00", "stop": "2024-01-01 11:00:00"}
        events = self.env["calendar.event"].with_user(self.employee)
        private = events.create({**vals, "privacy": "private"})
        public = events.create({**vals, "privacy": "public"})
        for wrong in (None, 0, -1, 2**70, "1", {"a": 1}, 2**30):
            with self.assertRaisesRegex(UserError, "in the calendar"):
                signoff.with_user(self.finance_user).action_set_meeting(wrong)
        with self.assertRaisesRegex(UserError, "private"):
            signoff.with_user(self.finance_user).action_set_meeting(private.id)
        with self.assertRaises(UserError):
            signoff.with_user(self.auditor).action_set_meeting(public.id)
        with self.assertRaises(AccessError):
            signoff.with_user(self.employee).action_set_meeting(public.id)
        signoff.with_user(self.finance_user).action_set_meeting(public.id)
        self.assertEqual(signoff.meeting_id, public)
        self._minute(order)
        with self.assertRaisesRegex(UserError, "written already"):
            signoff.with_user(self.finance_user).action_set_meeting(public.id)

    def test_nobody_writes(self):
        order = self._submit()
        self._plan_past(order)
        self._minute(order)
        signoff = self._signoff(order, "Finance")
        for user in (self.finance_user, self.salesperson, self.process_manager, self.auditor):
            with self.assertRaises(AccessError):
                signoff.with_user(user).write({"needs_meeting": False})
            with self.assertRaises(AccessError):
                signoff.with_user(user).write({"meeting_held_at": "2024-01-01 10:00:00"})
            entries = signoff.minutes_ids.with_user(user)
            with self.assertRaises(AccessError):
                entries.write({"text": "x"})
            with self.assertRaises(AccessError):
                entries.create({"signoff_id": signoff.id, "text": "x"})
            with self.assertRaises(AccessError):
                entries.unlink()
        with self.assertRaises(AccessError):
            signoff.minutes_ids.unlink()
        for user in (self.finance_user2, self.salesperson, self.sales_manager, self.auditor):
            self.assertEqual(signoff.minutes_ids.with_user(user).text, "All agreed")
        for user in (self.employee, self.production_user, self.other_salesperson):
            with self.assertRaises(AccessError):
                signoff.minutes_ids.with_user(user).read(["text"])

    # === ROUNDS ===#

    def test_running_round_keeps_its_configuration(self):
        order = self._submit()
        self.step.needs_meeting = False
        with self.assertRaisesRegex(UserError, "review meeting"):
            self._approve(order, "Finance", self.finance_user)

    def test_signature_without_meeting_is_asked_again(self):
        self._create_step("Production", self.production)
        self.step.needs_meeting = False
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", self.production_user)
        self.step.needs_meeting = True
        order.action_cancel()
        order.action_draft()
        order.action_request_review()
        self.assertEqual(self._states(order)["Finance"], "pending")

    def test_signature_after_a_meeting_is_carried_over(self):
        self.step.watched_aspects = "price"
        self._create_step("Production", self.production, sequence=20)
        order = self._submit()
        self._plan_past(order)
        self._minute(order)
        self._approve(order, "Finance", self.finance_user)
        self._reject(order, "Production", self.production_user)
        order.with_user(self.salesperson).commitment_date += timedelta(days=7)
        order.action_request_review()
        signoff = self._signoff(order, "Finance")
        self.assertEqual((signoff.state, signoff.minutes), ("approved", "All agreed"))
        self.assertTrue(signoff.meeting_held_at)
        with self.assertRaises(UserError):
            signoff.with_user(self.finance_user).action_record_minutes("Later")

    def test_digest_of_steps_without_meeting_is_as_before(self):
        configuration = self.step._prepare_configuration()
        self.step.needs_meeting = False
        without = self.step._prepare_configuration()
        self.assertNotEqual(configuration["digest"], without["digest"])
        self.assertEqual(
            without["digest"],
            self.env["sale.order"]._get_fingerprint(["any", 2, self.finance.id, []]),
        )

    def test_decision_screen(self):
        order = self._submit()
        action = self._signoff(order, "Finance").with_user(self.finance_user).action_open_decision()
        screen = self.env[action["res_model"]].with_user(self.finance_user).browse(action["res_id"])
        self.assertTrue(screen.needs_meeting)
        self.assertEqual(screen.action_plan_meeting()["res_model"], "calendar.event")
        screen.comment = "Seen"
        request = screen.action_record_minutes()
        question = self.env[request["res_model"]].browse(request["res_id"])
        question = question.with_user(self.finance_user)
        self.assertTrue(question.needs_time)
        question.write({"text": "Agreed", "held_at": "2024-05-03 09:00:00"})
        back = question.action_run()
        self.assertEqual((back["res_model"], back["res_id"]), (screen._name, screen.id))
        self.assertEqual((screen.minutes, screen.comment), ("Agreed", "Seen"))
        screen.action_approve()
        self.assertEqual(order.review_state, "approved")

    def test_strip_shows_the_meeting(self):
        order = self._submit()
        meeting = order.review_strip["rounds"][0]["signoffs"][0]["meeting"]
        self.assertEqual(meeting, {"is_held": False, "when": ""})
        self._plan_past(order)
        self._minute(order)
        order.invalidate_recordset()
        meeting = order.review_strip["rounds"][0]["signoffs"][0]["meeting"]
        self.assertTrue(meeting["is_held"])
