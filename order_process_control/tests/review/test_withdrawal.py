from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestWithdrawal(RoundsCommon):
    """Sales takes a running review back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()
        cls.order.action_request_review()

    def test_everything_open_is_closed(self):
        review = self.order.current_review_id
        self._signoff(self.order, "Finance").with_user(self.finance_user).action_ask("Why?")
        self.order.action_withdraw_review()
        self.assertEqual(review.state, "cancelled")
        self.assertEqual(review.signoff_ids.state, "cancelled")
        self.assertFalse(self._bells(review.signoff_ids) | self._bells(self.order))
        self.assertEqual(self.order.review_state, "to_submit")
        with self.assertRaisesRegex(UserError, "not open any more"):
            review.signoff_ids.with_user(self.finance_user).action_approve()
        with self.assertRaisesRegex(UserError, "has to be reviewed|Request the review again"):
            self.order.action_confirm()
        self.assertEqual(self._kinds(self.order)[-2:], ["withdrawn", "round_cancelled"])
        self._assert_ledger_intact(self.order)

    def test_submitted_again(self):
        self.order.action_withdraw_review()
        self.order.action_request_review()
        self.assertEqual(self.order.current_review_id.number, 2)
        self._approve(self.order, "Finance", self.finance_user)
        self.order.action_confirm()

    def test_nothing_to_withdraw(self):
        self._approve(self.order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "no review to withdraw"):
            self.order.action_withdraw_review()
        with self.assertRaisesRegex(UserError, "no review to withdraw"):
            (self.order | self._create_order()).action_withdraw_review()

    def test_who(self):
        for user in (self.finance_user, self.other_salesperson, self.auditor, self.employee):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_withdraw_review()
        self.assertEqual(self.order.review_state, "in_review")
        self.order.with_user(self.sales_manager).action_withdraw_review()

    def test_withdrawing_does_not_drop_a_department(self):
        special = self.env.ref("order_process_control.order_class_special")
        self._create_step("Board", reviewer_ids=self.sales_manager.ids, class_ids=special.ids)
        order = self._submit(is_must_accept=True)
        self.assertIn("Board", self._states(order))
        order.action_withdraw_review()
        order.is_must_accept = False
        order.action_request_review()
        self.assertIn("Board", self._states(order))

    def test_many(self):
        orders = self.order | self._submit()
        orders.action_withdraw_review()
        self.assertEqual(orders.mapped("review_state"), ["to_submit", "to_submit"])
