from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FactsCommon

CALL, SIGNED, HURRY = "Called them", "Order signed", "Please hurry"


@tagged("post_install", "-at_install")
class TestPromisedDate(FactsCommon):
    """Is a date promised, and is there time?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Monday to Friday, whatever the demo data say
        days = ("0", "1", "2", "3", "4")
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Week",
                "tz": "UTC",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"name": day, "dayofweek": day, "hour_from": 8, "hour_to": 16}
                        )
                        for day in days
                    ),
                ],
            }
        )
        today = fields.Date.today()
        cls.monday = today + timedelta(days=14 - today.weekday())

    def _promise(self, day):
        return self._create_order(commitment_date=day and datetime.combine(day, time(12)))

    def _promise_fact(self, day, threshold=0.0):
        return self._fact("promised_date", self._promise(day), threshold)

    def test_present_and_not_past(self):
        today = fields.Date.today()
        self.assertEqual(self._promise_fact(today + timedelta(days=1)).result, "pass")
        self.assertEqual(self._promise_fact(today).result, "pass")
        fact = self._promise_fact(today - timedelta(days=3))
        self.assertEqual(fact.result, "fail")
        self.assertIn("3 days ago", fact.evidence)
        fact = self._promise_fact(False)
        self.assertEqual(fact.result, "fail")
        self.assertIn("No delivery date is promised", fact.evidence)

    def test_notice_in_working_days(self):
        today = fields.Date.today()
        due = self.monday
        notice = sum(
            (today + timedelta(days=number)).weekday() < 5
            for number in range(1, (due - today).days + 1)
        )
        self.assertEqual(self._promise_fact(due, notice).result, "pass")
        fact = self._promise_fact(due, notice + 1)
        self.assertEqual(fact.result, "fail")
        self.assertEqual(fact.figures["notice"], notice)
        self.assertIn(f"{notice} working days of notice, {notice + 1} are asked", fact.evidence)

    def test_holidays_are_no_notice(self):
        due = self.monday
        plain = self._promise_fact(due, 1).figures["notice"]
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime.combine(due, time(0)),
                "date_to": datetime.combine(due, time(23, 59)),
            }
        )
        fact = self._promise_fact(due, 1)
        self.assertEqual(fact.figures["notice"], plain - 1)
        self.assertEqual(fact.result, "warn")
        self.assertIn("It is no working day", fact.evidence)

    def test_weekend(self):
        self.assertEqual(self._promise_fact(self.monday - timedelta(days=1), 1).result, "warn")
        self.assertEqual(self._promise_fact(self.monday - timedelta(days=1)).result, "pass")

    def test_without_calendar_every_day_works(self):
        self.company.resource_calendar_id.attendance_ids = [Command.clear()]
        today = fields.Date.today()
        fact = self._promise_fact(today + timedelta(days=9), 9)
        self.assertEqual((fact.result, fact.figures["notice"]), ("pass", 9))

    def test_the_day_is_one_of_the_reader(self):
        """Late in the evening in UTC it is tomorrow in Tokyo."""
        today = fields.Date.today()
        order = self._promise(today)
        order.commitment_date = datetime.combine(today, time(16))
        tokyo = self.env(context=dict(self.env.context, tz="Asia/Tokyo"))
        self.env = tokyo
        day = (today + timedelta(days=1)).isoformat()
        self.assertEqual(self._fact("promised_date", order).figures["promised"], day)


@tagged("post_install", "-at_install")
class TestRemark(FactsCommon):
    """Has anybody seen what the customer remarked?"""

    def _remark_fact(self, order):
        return self._fact("customer_remark", order)

    def test_remark_has_to_be_acknowledged(self):
        order = self._create_order()
        self.assertEqual(self._remark_fact(order).result, "pass")
        order.customer_remark = "Unload at the back door"
        fact = self._remark_fact(order)
        self.assertEqual(fact.result, "fail")
        self.assertIn("“Unload at the back door”", fact.evidence)
        order.action_acknowledge_remark()
        fact = self._remark_fact(order)
        self.assertEqual(fact.result, "pass")
        self.assertIn("opc_sales acknowledged “Unload at the back door” on", fact.evidence)

    def test_another_remark_is_seen_anew(self):
        order = self._create_order(customer_remark="Blue ribbon")
        order.action_acknowledge_remark()
        order.write({"customer_remark": "Blue ribbon", "client_order_ref": "X"})
        self.assertTrue(order.remark_acknowledged_at)
        order.write({"customer_remark": "Red ribbon"})
        self.assertFalse(order.remark_acknowledged_at or order.remark_acknowledged_by)
        self.assertEqual(self._remark_fact(order).result, "fail")
        order.action_acknowledge_remark()
        copy = order.copy()
        self.assertFalse(copy.customer_remark or copy.remark_acknowledged_at)

    def test_nobody_writes_that_it_was_seen(self):
        order = self._create_order(customer_remark="Blue ribbon")
        vals = {"remark_acknowledged_at": "2020-01-01 00:00:00"}
        with self.assertRaisesRegex(AccessError, "Remark Seen On cannot be set by hand"):
            order.write(vals)
        with self.assertRaises(AccessError):
            self._create_order(**vals)
        by_default = order.with_context(default_remark_acknowledged_by=self.salesperson.id).copy()
        self.assertFalse(by_default.remark_acknowledged_by)
        for user in (self.auditor, self.employee, self.other_salesperson):
            with self.assertRaises(AccessError):
                order.with_user(user).action_acknowledge_remark()

    def test_messages_of_the_customer(self):
        order = self._create_order()
        order.message_post(body=CALL, message_type="comment")
        order.sudo().message_post(
            body=SIGNED, author_id=self.customer.id, message_type="notification"
        )
        self.assertEqual(self._remark_fact(order).result, "pass")
        self._write_message(order, -2)
        fact = self._remark_fact(order)
        self.assertEqual((fact.result, fact.figures), ("warn", {"messages": 1}))
        order.action_acknowledge_remark()
        self.assertEqual(self._remark_fact(order).result, "pass")
        self._write_message(order, 2)
        self.assertEqual(self._remark_fact(order).result, "warn")

    def test_the_remark_is_part_of_what_is_signed(self):
        order = self._create_order()
        plain = order._get_fingerprint(order._get_review_contents()[order.id])
        order.customer_remark = "Deliver through the back door"
        self.assertNotEqual(order._get_fingerprint(order._get_review_contents()[order.id]), plain)
        order.action_request_review()
        self._approve(order, "Facts", self.finance_user)
        order.customer_remark = "Deliver through the window"
        self.assertEqual(order.review_state, "outdated")
        order.customer_remark = "Deliver through the back door"
        self.assertEqual(order.review_state, "approved")
        order.action_confirm()
        with self.assertRaises(UserError):
            order.customer_remark = "Deliver on the roof"

    def test_the_signature_is_no_message(self):
        order = self._create_order()
        message = self._write_message(order, 0)
        order.sudo().signed_on = message.date
        self.assertEqual(self._remark_fact(order).result, "pass")

    def _write_message(self, order, minutes):
        message = order.sudo().message_post(
            body=HURRY, author_id=self.customer.id, message_type="comment"
        )
        message.date = fields.Datetime.now() + timedelta(minutes=minutes)
        return message


@tagged("post_install", "-at_install")
class TestOralRecord(FactsCommon):
    """Is an oral order on record?"""

    def test_oral_orders_need_a_record(self):
        written = self._create_order(intake_form="written")
        oral = self._create_order(intake_form="oral")
        facts = self._facts("oral_record", written | oral)
        self.assertEqual([fact.result for fact in facts.values()], ["pass", "fail"])
        self.assertIn("Not an oral order", facts[written].evidence)
        self.assertIn("ordered by word of mouth", facts[oral].evidence)

    def test_an_oral_channel_makes_an_oral_order(self):
        order = self._create_order()
        self.assertEqual(self._fact("oral_record", order).result, "pass")
        self.channel.is_oral = True
        self.assertEqual(self._fact("oral_record", order).result, "fail")

    def test_confirmed_record(self):
        order = self._create_order(intake_form="oral")
        record = (
            self.env["order.oral.record"]
            .with_user(self.salesperson)
            .create({"order_id": order.id, "caller_name": "Ms Caller", "content": "Two desks"})
        )
        fact = self._fact("oral_record", order)
        self.assertEqual((fact.result, fact.figures), ("fail", {"record_id": record.id}))
        record.action_confirm_ours()
        record.action_confirm_customer("Ms Caller", "phone")
        fact = self._fact("oral_record", order)
        self.assertEqual(fact.result, "pass")
        source = fact.sources[0]
        self.assertEqual(self.env[source.model].search(source.domain), record)
