from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestIndicatorOrders(AlertCommon):
    """What alarms about an order before it is on its way (R-302, R-303)."""

    def test_every_indicator_runs(self):
        """On all data, and says in words what it looks for."""
        names = [
            name for name, _label in self.env["order.alert.rule"]._fields["indicator"].selection
        ]
        self.assertGreaterEqual(len(names), 15)
        for name in names:
            rule = self._create_rule(name, 1)
            with self.subTest(name):
                self.assertTrue(rule.description)
                self.assertNotIn("%(", rule.description)
                self._find(rule)

    def test_unprocessed(self):
        order, young = self._create_order(), self._create_order()
        (order | young).action_register()
        rule = self._create_rule("unprocessed", 5)
        self.env.cr.execute("DELETE FROM order_deadline")
        self._set(order, registered_at=fields.Datetime.now() - timedelta(hours=6))
        found = self._find(rule)
        self.assertIn(order, found)
        self.assertIn("registered on", found[order])
        self.assertNotIn(young, found)
        self._confirm(order)
        self.assertNotIn(order, self._find(rule))

    def test_unprocessed_own_clock(self):
        """Its own time goes before the rule's hours."""
        late, in_time, done = (self._create_order() for _n in range(3))
        (late | in_time | done).action_register()
        self.env.cr.execute("DELETE FROM order_deadline")
        now = fields.Datetime.now()
        for order, deadline in ((late, -1), (in_time, 1), (done, -1)):
            self._set(order, registered_at=now - timedelta(hours=30))
            self.env["order.deadline"].create(
                {
                    "name": order.name,
                    "clock": "release",
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "started_at": now - timedelta(hours=30),
                    "deadline": now + timedelta(hours=deadline),
                    "stopped_at": now if order == done else False,
                    "state": "met" if order == done else "running",
                }
            )
        self.env.flush_all()
        found = self._find(self._create_rule("unprocessed", 24))
        self.assertIn(late, found)
        self.assertNotIn(in_time, found)
        self.assertNotIn(done, found)

    def test_unprocessed_decided(self):
        """An order whose review was decided is processed, though it is still a quotation."""
        self._create_step("Finance", self.finance)
        order, rejected = self._create_order(), self._create_order()
        (order | rejected).action_request_review()
        self.env.cr.execute("DELETE FROM order_deadline")
        for each in order | rejected:
            self._set(each, registered_at=fields.Datetime.now() - timedelta(hours=30))
        rule = self._create_rule("unprocessed", 24)
        self.assertIn(rejected, self._find(rule))
        self._reject(rejected, "Finance", self.finance_user)
        found = self._find(rule)
        self.assertNotIn(rejected, found)
        self.assertIn(order, found)

    def test_amount_and_quantity(self):
        order = self._create_order(lines=[(self.product, 50)])
        small = self._create_order(lines=[(self.product, 49)])
        rule = self._create_rule("amount_above", order.amount_total - 1)
        quantity_rule = self._create_rule("quantity_above", 49)
        self.assertNotIn(order, self._find(rule), "a draft is nobody's order yet")
        (order | small).action_register()
        self.assertIn(order, self._find(rule))
        self.assertNotIn(small, self._find(rule))
        found = self._find(quantity_rule)
        self.assertEqual(found[order], "50 × Desk")
        self.assertNotIn(small, found)

    def test_amount_in_company_currency(self):
        """An order of 100 in money worth half is 50 in the company's."""
        order = self._create_order()
        order.action_register()
        self._set(order, currency_rate=2.0, amount_total=1000.0)
        self.assertNotIn(order, self._find(self._create_rule("amount_above", 500)))
        self.assertIn(order, self._find(self._create_rule("amount_above", 499)))

    def test_contact_missing(self):
        order = self._create_order()
        order.action_register()
        rule = self._create_rule("contact_missing")
        self.assertNotIn(order, self._find(rule))
        self.customer.write({"email": " ", "city": False})
        self.assertEqual(self._find(rule)[order], "missing: city, phone and e-mail")
        shipping = self.env["res.partner"].create(
            {
                "name": "Store",
                "parent_id": self.customer.id,
                "type": "delivery",
                "street": "2 Side Street",
                "city": "Ghent",
                "country_id": self.env.ref("base.be").id,
                "phone": "+32 1 23",
            }
        )
        order.sudo().partner_shipping_id = shipping
        self.assertNotIn(order, self._find(rule))

    def test_promise_past(self):
        """Yesterday is over, today is not, in the company's time zone."""
        order, draft = self._create_order(), self._create_order()
        order.action_register()
        rule = self._create_rule("promise_past")
        for each in order | draft:
            self._set(each, commitment_date=fields.Datetime.now() - timedelta(days=2))
        found = self._find(rule)
        self.assertIn(order, found)
        self.assertNotIn(draft, found)
        self._set(order, commitment_date=fields.Datetime.now())
        self.assertNotIn(order, self._find(rule))

    def test_month_not_entered(self):
        rule = self._create_rule("month_not_entered", 2)
        order = self._create_order(document_date="2026-03-10")
        with self._at(datetime(2026, 3, 28, 10)):
            self.assertNotIn(order, self._find(rule), "three days before the end of the month")
        with self._at(datetime(2026, 3, 29, 10)):
            self.assertIn(order, self._find(rule))
        self.company.order_closing_day = 25
        with self._at(datetime(2026, 3, 23, 10)):
            self.assertIn(order, self._find(rule))
        with self._at(datetime(2026, 4, 2, 10)):
            self.assertIn(order, self._find(rule), "the month is closed and it is still missing")
            order.action_register()
            self.assertNotIn(order, self._find(rule))

    def test_month_after_closing_day(self):
        """What comes after the closing day belongs to the next period."""
        self.company.order_closing_day = 25
        rule = self._create_rule("month_not_entered", 0)
        order = self._create_order(document_date="2026-03-26")
        with self._at(datetime(2026, 3, 30, 10)):
            self.assertNotIn(order, self._find(rule))
        with self._at(datetime(2026, 4, 25, 10)):
            self.assertIn(order, self._find(rule))
