from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestTolerance(RoundsCommon):
    """Which changes are too small to ask anybody again: any set limit, and all together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)

    def _approved(self, lines=None, **limits):
        self.step.write(limits)
        order = self._submit(lines=lines)
        self._approve(order, "Finance", self.finance_user)
        return order

    def _assert_tolerated(self, order, times=1):
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(self._kinds(order).count("tolerated"), times)
        self._assert_ledger_intact(order)

    def test_percent_adds_up_over_small_changes(self):
        order = self._approved(tolerance_percent=10)
        order.order_line.price_unit = 95
        order.order_line.price_unit = 90
        self._assert_tolerated(order, 2)
        order.order_line.price_unit = 89
        self.assertEqual(order.review_state, "outdated")
        with self.assertRaisesRegex(UserError, "changed since it was reviewed"):
            order.action_confirm()
        order.order_line.price_unit = 90
        self.assertEqual(order.review_state, "approved")
        order.action_confirm()

    def test_percent_is_of_the_last_signature_not_of_what_was_carried(self):
        order = self._approved(tolerance_percent=10)
        order.order_line.price_unit = 92
        order.commitment_date = "2040-01-01"
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "pending"})
        self._approve(order, "Finance", self.finance_user)
        order.order_line.price_unit = 84
        self._assert_tolerated(order, 2)

    def test_carried_signature_keeps_its_baseline(self):
        self._create_step("Production", self.production, 20, watched_aspects="dates")
        order = self._create_order()
        self.step.write({"tolerance_percent": 10, "watched_aspects": "goods,price"})
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", self.production_user)
        order.write({"order_line": [Command.update(order.order_line.id, {"price_unit": 93})]})
        order.commitment_date = "2040-01-01"
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "approved", "Production": "pending"})
        self._approve(order, "Production", self.production_user)
        order.order_line.price_unit = 86
        self.assertEqual(order.review_state, "outdated")

    def test_amount_is_of_all_lines_together(self):
        order = self._approved([(self.product, 2), (self.service, 2)], tolerance_amount=20)
        order.order_line[0].price_unit = 94
        self._assert_tolerated(order)
        order.order_line[1].price_unit = 54
        self._assert_tolerated(order, 2)
        order.order_line[1].price_unit = 55
        self.assertEqual(order.review_state, "outdated")

    def test_quantity_and_price_do_not_hide_behind_each_other(self):
        for limits in (
            {"tolerance_amount": 50, "tolerance_percent": 0},
            {"tolerance_percent": 20, "tolerance_amount": 0},
            {"tolerance_percent": 20, "tolerance_amount": 50},
        ):
            order = self._approved(**limits)
            order.order_line.write({"product_uom_qty": 4, "price_unit": 50})
            self.assertEqual(order.amount_untaxed, 200)
            self.assertEqual(order.review_state, "outdated", limits)

    def test_price_and_discount_do_not_hide_behind_each_other(self):
        order = self._approved(tolerance_percent=10)
        order.order_line.write({"price_unit": 200, "discount": 50})
        self.assertEqual(order.review_state, "outdated")
        order = self._approved(tolerance_percent=10)
        order.order_line.write({"discount": 10})
        self._assert_tolerated(order)

    def test_gifts_have_no_amount_that_could_be_limited(self):
        self.step.tolerance_amount = 1000
        order = self._create_order()
        order.order_line = [Command.create({"product_id": self.product.id, "price_unit": 0})]
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        order.order_line[1].product_uom_qty = 500
        self.assertEqual(order.review_state, "outdated")

    def test_both_limits_hold(self):
        order = self._approved(tolerance_percent=50, tolerance_amount=10)
        order.order_line.price_unit = 90
        self.assertEqual(order.review_state, "outdated")

    def test_added_and_removed_lines_are_never_small(self):
        order = self._approved(
            [(self.product, 2), (self.service, 1)], tolerance_percent=99, tolerance_amount=9999
        )
        order.order_line = [Command.create({"product_id": self.service.id, "price_unit": 0})]
        self.assertEqual(order.review_state, "outdated")
        order.order_line[2].unlink()
        self.assertEqual(order.review_state, "approved")
        order.order_line[1].unlink()
        self.assertEqual(order.review_state, "outdated")

    def test_other_product_and_terms_are_never_small(self):
        twin = self.product.copy()
        order = self._approved(tolerance_percent=99, tolerance_amount=9999, tolerance_days=99)
        for vals in (
            {"order_line": [Command.update(order.order_line.id, {"product_id": twin.id})]},
            {"payment_term_id": self.env["account.payment.term"].create({"name": "Later"}).id},
            {"commitment_date": False},
        ):
            order = self._approved()
            if "order_line" in vals:
                vals["order_line"][0] = Command.update(
                    order.order_line.id, {"product_id": twin.id, "price_unit": 100}
                )
            order.write(vals)
            self.assertEqual(order.review_state, "outdated", vals)

    def test_days(self):
        order = self._approved(tolerance_days=3)
        promised = order.commitment_date
        order.commitment_date = promised.replace(microsecond=0) + timedelta(days=3)
        self._assert_tolerated(order)
        order.commitment_date = promised - timedelta(days=3)
        self._assert_tolerated(order, 2)
        order.commitment_date = promised + timedelta(days=4)
        self.assertEqual(order.review_state, "outdated")
        order.commitment_date = promised
        order.order_line.customer_lead += 3
        self.assertEqual(order.review_state, "approved")
        order.order_line.customer_lead += 1
        self.assertEqual(order.review_state, "outdated")

    def test_days_do_not_tolerate_prices(self):
        order = self._approved(tolerance_days=3)
        order.order_line.price_unit = 99.99
        self.assertEqual(order.review_state, "outdated")

    def test_amount_is_in_the_currency_of_the_company(self):
        other = self.env["res.currency"].create({"name": "OPC", "symbol": "o", "active": True})
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 10, "name": "2020-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Ten to one", "currency_id": other.id}
        )
        self.step.tolerance_amount = 20
        order = self._create_order(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, other)
        order.order_line.price_unit = 1000
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        order.order_line.price_unit = 900
        self._assert_tolerated(order)
        order.order_line.price_unit = 890
        self.assertEqual(order.review_state, "outdated")

    def test_every_department_has_to_tolerate_it(self):
        self._create_step("Production", self.production, 10)
        order = self._create_order()
        self.step.tolerance_percent = 50
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "in_review")
        order.order_line.price_unit = 99
        self.assertEqual(order.review_state, "outdated")

    def test_tolerated_while_it_is_reviewed(self):
        self.step.tolerance_percent = 10
        order = self._submit()
        order.order_line.price_unit = 95
        self.assertEqual(order.review_state, "in_review")
        self._approve(order, "Finance", self.finance_user)
        self._assert_tolerated(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_editor_within_tolerance_does_not_sign_and_somebody_is_asked(self):
        self.step.write({"tolerance_percent": 10, "reviewer_ids": self.sales_manager.ids})
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        self.assertEqual(self._bells(signoff), self.sales_manager)
        order.with_user(self.sales_manager).order_line.price_unit = 95
        self.assertEqual(order.review_state, "in_review")
        self.assertNotIn(self.sales_manager, self._able(order, "Finance"))
        self.assertEqual(self._bells(signoff), self._able(order, "Finance"))
        with self.assertRaisesRegex(UserError, "Somebody else has to sign"):
            self._approve(order, "Finance", self.sales_manager)

    def test_confirmed_order_within_tolerance(self):
        order = self._approved(tolerance_percent=10)
        order.action_confirm()
        order.order_line.price_unit = 91
        self.assertIn("tolerated", self._kinds(order))
        with self.assertRaisesRegex(UserError, "is confirmed"), self.env.cr.savepoint():
            order.order_line.price_unit = 89
        self._assert_ledger_intact(order)

    def test_limits_are_those_of_the_round(self):
        order = self._approved()
        self.step.tolerance_percent = 50
        order.order_line.price_unit = 95
        self.assertEqual(order.review_state, "outdated")

    def test_negative_limits_are_refused(self):
        for name in ("tolerance_percent", "tolerance_amount", "tolerance_days"):
            with self.assertRaisesRegex(ValidationError, "negative"), self.env.cr.savepoint():
                self.step[name] = -1
