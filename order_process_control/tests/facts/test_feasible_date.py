from datetime import date, datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FactsCommon


@tagged("post_install", "-at_install")
class TestFeasibleDate(FactsCommon):
    """Which day can be promised at the earliest?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()

    def _date_fact(self, order, threshold=0.0, user=None):
        return self._fact("feasible_date", order, threshold, user)

    def _in(self, days):
        return (self.today + timedelta(days=days)).isoformat()

    def test_stock_on_hand_waits_for_the_lead_time_alone(self):
        self._stock(self.product, 2)
        order = self._create_order()
        fact = self._date_fact(order)
        self.assertEqual((fact.result, fact.figures["earliest"]), ("pass", self._in(0)))
        self.assertIn("Possible from", fact.evidence)
        order.order_line.customer_lead = 12
        fact = self._date_fact(order)
        self.assertEqual((fact.result, fact.figures["earliest"]), ("fail", self._in(12)))
        self.assertIn("Desk: ", fact.evidence)
        self.assertIn("at the earliest (in stock). Promised for ", fact.evidence)
        self.assertIn("2 days too early", fact.evidence)

    def test_planned_receipts(self):
        self._plan(self.product, 1, self._days(3))
        self._plan(self.product, 1, self._days(15))
        fact = self._date_fact(self._create_order(lines=[(self.product, 1)]))
        self.assertEqual((fact.result, fact.figures["earliest"]), ("pass", self._in(3)))
        fact = self._date_fact(self._create_order())
        self.assertEqual((fact.result, fact.figures["earliest"]), ("fail", self._in(15)))
        self.assertIn("receipt planned", fact.evidence)
        self.company.security_lead = 2
        fact = self._date_fact(self._create_order())
        self.assertEqual(fact.figures["earliest"], self._in(17))

    def test_buying(self):
        self._create_vendor_price(self.product, 6)
        fact = self._date_fact(self._create_order())
        self.assertEqual((fact.result, fact.figures["earliest"]), ("pass", self._in(6)))
        self.company.days_to_purchase = 7
        fact = self._date_fact(self._create_order())
        self.assertEqual((fact.result, fact.figures["earliest"]), ("fail", self._in(13)))
        self.assertIn("(13 days to buy)", fact.evidence)

    def test_buying_beats_a_later_receipt(self):
        self._plan(self.product, 2, self._days(30))
        self._create_vendor_price(self.product, 6)
        self.assertEqual(self._date_fact(self._create_order()).figures["earliest"], self._in(6))

    def test_the_vendor_is_the_one_that_odoo_would_take(self):
        company = self.env["res.company"].create({"name": "Other"})
        price = self._create_vendor_price
        price(self.product, 1, sequence=1, company_id=company.id)
        price(self.product, 2, sequence=2, date_end=self.today - timedelta(days=1))
        price(self.product, 3, sequence=3, min_qty=3)
        price(self.product, 4, sequence=4)
        price(self.product, 5, sequence=5)
        archived = price(self.product, 0, sequence=0)
        archived.partner_id.active = False
        earliest = self._date_fact(self._create_order()).figures["earliest"]
        self.assertEqual(earliest, self._in(4))
        many = self._create_order(lines=[(self.product, 3)])
        self.assertEqual(self._date_fact(many).figures["earliest"], self._in(3))

    def test_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._create_vendor_price(self.product, 3, min_qty=1, product_uom_id=dozen.id, sequence=1)
        self._create_vendor_price(self.product, 8, sequence=2)
        facts = self._facts(
            "feasible_date",
            self._create_order() | self._create_order(lines=[(self.product, 12)]),
        )
        self.assertEqual(
            [fact.figures["earliest"] for fact in facts.values()], [self._in(8), self._in(3)]
        )

    def test_nobody_knows(self):
        fact = self._date_fact(self._create_order())
        self.assertEqual((fact.result, fact.figures["earliest"]), ("unknown", None))
        self.assertIn("no vendor or bill of materials says how long", fact.evidence)

    def test_no_promise_is_a_warning_with_the_earliest_day(self):
        self._create_vendor_price(self.product, 6)
        fact = self._date_fact(self._create_order(commitment_date=False))
        self.assertEqual((fact.result, fact.figures["earliest"]), ("warn", self._in(6)))

    def test_days_in_reserve(self):
        self._create_vendor_price(self.product, 6)
        order = self._create_order()
        self.assertEqual(self._date_fact(order, threshold=4).result, "pass")
        self.assertEqual(self._date_fact(order, threshold=5).result, "warn")

    def test_what_was_promised_to_others_is_not_promised_again(self):
        self._stock(self.product, 2)
        self._plan(self.product, -2, self._days(20))
        self._create_vendor_price(self.product, 15)
        fact = self._date_fact(self._create_order())
        self.assertEqual((fact.result, fact.figures["earliest"]), ("warn", self._in(15)))
        self.assertIn("later deliveries are planned to take", fact.evidence)
        first = self._create_order(commitment_date=self._days(16))
        first.action_request_review()
        fact = self._date_fact(self._create_order(commitment_date=self._days(30)))
        self.assertEqual((fact.result, fact.figures["earliest"]), ("pass", self._in(15)))

    def test_services_take_their_lead_time(self):
        order = self._create_order(lines=[(self.service, 1)])
        order.order_line.customer_lead = 11
        fact = self._date_fact(order)
        self.assertEqual((fact.result, fact.figures["earliest"]), ("fail", self._in(11)))
        empty = self._create_order(order_line=[])
        self.assertEqual(self._date_fact(empty).result, "pass")

    def test_each_warehouse_waits_for_its_own_goods(self):
        other = self._create_warehouse("OWH")
        self._stock_in(other, self.product, 2)
        self._plan(self.product, 2, self._days(4))
        here, there = self._create_order(), self._create_order()
        there.sudo().warehouse_id = other
        facts = self._facts("feasible_date", here | there)
        self.assertEqual(facts[here].figures["earliest"], self._in(4))
        self.assertEqual(facts[there].figures["earliest"], self._in(0))

    def test_supplied_for_each_order(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.product.route_ids = route
        self._stock(self.product, 5)
        self._create_vendor_price(self.product, 8)
        self.assertEqual(self._date_fact(self._create_order()).figures["earliest"], self._in(8))

    # === IN ONE CLICK ===#

    def test_take_the_earliest_date(self):
        self._create_vendor_price(self.product, 20)
        evening = datetime.combine(self.today + timedelta(days=5), time(17, 30))
        early = self._create_order(commitment_date=evening)
        undated = self._create_order(commitment_date=False)
        late = self._create_order(commitment_date=self._days(60))
        before = late.commitment_date
        orders = early | undated | late
        orders.action_take_feasible_date()
        day = self.today + timedelta(days=20)
        self.assertEqual(early.commitment_date, datetime.combine(day, time(17, 30)))
        self.assertEqual(undated.commitment_date, datetime.combine(day, time(12)))
        self.assertEqual(late.commitment_date, before)
        self.assertEqual(self._date_fact(early).result, "pass")

    def test_the_day_taken_is_one_of_the_users(self):
        self._create_vendor_price(self.product, 20)
        order = self._create_order(commitment_date=False).with_context(tz="Asia/Tokyo")
        order.action_take_feasible_date()
        here = fields.Datetime.context_timestamp(order, order.commitment_date)
        today = fields.Date.context_today(order)
        self.assertEqual(here.date(), today + timedelta(days=20))
        self.assertEqual(here.hour, 12)

    def test_taking_a_date_is_refused(self):
        order = self._create_order()
        with self.assertRaisesRegex(UserError, "no earliest date is known. Desk: not enough"):
            order.action_take_feasible_date()
        self._stock(self.product, 9)
        with self.assertRaises(AccessError):
            order.with_user(self.auditor).action_take_feasible_date()
        with self.assertRaises(AccessError):
            order.with_user(self.employee).action_take_feasible_date()
        with self.assertRaises(AccessError):
            order.with_user(self.other_salesperson).action_take_feasible_date()
        self.step.action_archive()
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Request a change"):
            order.action_take_feasible_date()

    def test_taking_a_date_ends_the_running_review(self):
        self._create_vendor_price(self.product, 20)
        order = self._create_order()
        order.action_request_review()
        order.action_take_feasible_date()
        self.assertEqual(order.review_state, "outdated")

    def test_preview_offers_it(self):
        self._create_vendor_price(self.product, 20)
        self._criterion("feasible_date")
        order = self._create_order()
        preview = self._open_preview(order)
        self.assertTrue(preview.is_date_red)
        action = preview.action_take_feasible_date()
        preview = self._open_preview(order, action)
        self.assertFalse(preview.is_date_red)
        self.assertEqual(preview.line_ids.result, "pass")
        earliest = date.fromisoformat(self._date_fact(order).figures["earliest"])
        self.assertEqual(order.commitment_date.date(), earliest)

    def _open_preview(self, order, action=None):
        action = action or order.action_preview_review()
        return self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
