from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestRepeat(CommerceCommon):
    """The same order twice, and one order in parts."""

    # === DUPLICATES ===#

    def test_same_reference(self):
        first = self._create_order(lines=[(self.service, 1)], client_order_ref="PO 77")
        order = self._create_order(client_order_ref=" po 77 ")
        fact = self._fact("duplicate_order", order)
        self._assert_fact(fact, "fail", "“po 77” is also on " + first.name)
        self.assertEqual(fact.sources[0].domain, [("id", "in", first.ids)])
        first.action_cancel()
        self._assert_fact(self._fact("duplicate_order", order), "pass", "within 7 days")

    def test_same_goods(self):
        lines = [(self.product, 2), (self.service, 1)]
        first = self._create_order(lines=lines[::-1])
        order = self._create_order(lines=[(self.product, 1), *lines[1:], (self.product, 1)])
        self._assert_fact(
            self._fact("duplicate_order", order), "warn", "same products and quantities", first.name
        )
        order.order_line[0].product_uom_qty = 3
        self._assert_fact(self._fact("duplicate_order", order), "pass")

    def test_only_within_the_days(self):
        first = self._create_order()
        order = self._create_order()
        self._set_age(first, 8)
        self._assert_fact(self._fact("duplicate_order", order), "pass")
        self._assert_fact(self._fact("duplicate_order", order, 10), "warn")
        self._assert_fact(self._fact("duplicate_order", order, 2), "pass", "within 2 days")

    def test_confirmed_and_of_a_colleague(self):
        first = self._confirm(self._create_order(user=self.other_salesperson))
        order = self._create_order()
        self._assert_fact(self._fact("duplicate_order", order), "warn", first.name)

    def test_other_customer_or_company(self):
        self._create_order(partner_id=self.finance_user.partner_id.id, client_order_ref="PO")
        order = self._create_order(client_order_ref="PO")
        self._assert_fact(self._fact("duplicate_order", order), "pass")
        other = self._create_other_company()
        self._create_order(user=self.env.user, company_id=other.id, client_order_ref="PO")
        self._assert_fact(self._fact("duplicate_order", order), "pass")

    def test_many_are_counted(self):
        for _number in range(5):
            self._create_order()
        fact = self._fact("duplicate_order", self._create_order())
        self._assert_fact(fact, "warn", "and 2 more")
        self.assertEqual(fact.figures["orders"], 5)

    # === SPLITTING ===#

    def test_split_under_the_limit(self):
        first = self._confirm(self._create_order(lines=[(self.product, 6)]))
        order = self._create_order(lines=[(self.product, 5)])
        fact = self._fact("split_orders", order, 1000)
        self._assert_fact(
            fact,
            "fail",
            f"This order 500.00 USD, with {first.name} 1,100.00 USD > 1,000.00 USD.",
        )
        self.assertEqual(fact.sources[0].domain, [("id", "in", first.ids)])
        self._assert_fact(self._fact("split_orders", order, 1100), "pass", "≤")

    def test_in_review_and_together(self):
        first = self._create_order(lines=[(self.product, 6)])
        order = self._create_order(lines=[(self.product, 5)])
        self._assert_fact(self._fact("split_orders", order, 1000), "pass", "No other order")
        for fact in self._run("split_orders", first | order, 1000).values():
            self._assert_fact(fact, "fail")
        first.action_request_review()
        self._assert_fact(self._fact("split_orders", order, 1000), "fail")

    def test_large_alone_hides_nothing(self):
        self._confirm(self._create_order(lines=[(self.product, 6)]))
        order = self._create_order(lines=[(self.product, 11)])
        self._assert_fact(self._fact("split_orders", order, 1000), "pass", "alone is 1,100.00 USD")

    def test_older_orders_and_settings(self):
        first = self._confirm(self._create_order(lines=[(self.product, 6)]))
        order = self._create_order(lines=[(self.product, 5)])
        self._set_age(first, 4)
        self._assert_fact(self._fact("split_orders", order, 1000), "pass")
        self.company.order_split_days = 5
        self._assert_fact(self._fact("split_orders", order, 1000), "fail")
        self.company.order_split_days = 0
        self._assert_fact(self._fact("split_orders", order, 1000), "pass", "not added up")
        self._assert_fact(self._fact("split_orders", order), "pass", "No limit is set")

    def test_a_date_of_ones_own_choice_hides_nothing(self):
        self._confirm(self._create_order(lines=[(self.product, 6)]))
        order = self._create_order(lines=[(self.product, 5)])
        for days in (-30, 30):
            order.date_order = fields.Datetime.now() + timedelta(days=days)
            self._assert_fact(self._fact("split_orders", order, 1000), "fail")

    def test_a_strong_currency_passes_under_no_limit(self):
        self._confirm(self._create_order(lines=[(self.product, 6)]))
        order = self._create_order(
            lines=[(self.product, 5)], pricelist_id=self.foreign_pricelist.id
        )
        self.assertEqual(order.amount_total, 2000.0)
        self._assert_fact(self._fact("split_orders", order, 1000), "fail", "This order 500.00 USD")
