from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestExemption(RoundsCommon):
    """The process manager lets an order pass, exactly as it stands, with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()

    def _exempt(self, order=None, user=None, reason="The board decided"):
        order = self.order if order is None else order
        return order.with_user(user or self.process_manager).action_exempt_review(reason)

    def test_exempted_as_it_stands(self):
        self._exempt()
        self.assertRecordValues(
            self.order, [{"release_exempt": True, "release_reason": "The board decided"}]
        )
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertIn("exempted", self._kinds(self.order))
        self._assert_ledger_intact(self.order)

    def test_not_when_it_changes(self):
        self._exempt()
        self.order.order_line.price_unit = 1
        with self.assertRaisesRegex(UserError, "has to be reviewed"):
            self.order.action_confirm()

    def test_says_nothing_of_what_needs_no_review_any_more(self):
        self.env["order.review.step"].search([]).condition_domain = "[('amount_total', '>', 150)]"
        self._exempt(reason="They pay in advance")
        self.order.order_line.product_uom_qty = 1
        self.order.action_confirm()
        self.assertRecordValues(
            self.order,
            [{"state": "sale", "release_exempt": True, "exempt_fingerprint": False}],
        )
        self.assertNotIn("advance", self.order.release_reason)

    def test_running_review_ends(self):
        self.order.action_request_review()
        review = self.order.current_review_id
        self._exempt()
        self.assertEqual(review.state, "cancelled")
        self.assertFalse(self._bells(review.signoff_ids))
        self.order.action_confirm()

    def test_what_is_submitted_after_all_is_decided_by_the_review(self):
        self._exempt()
        self.order.action_request_review()
        self._reject(self.order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "was rejected by Finance"):
            self.order.action_confirm()
        self.assertFalse(self.order.release_exempt)

    def test_nothing_survives_a_cancellation(self):
        self._exempt()
        self.order.action_cancel()
        self.order.action_draft()
        self.assertFalse(self.order.release_exempt or self.order.exempt_fingerprint)
        with self.assertRaisesRegex(UserError, "has to be reviewed"):
            self.order.action_confirm()

    def test_copy_is_not_exempt(self):
        self._exempt()
        copy = self.order.copy()
        with self.assertRaisesRegex(UserError, "has to be reviewed"):
            copy.action_confirm()

    def test_who(self):
        for user in (
            self.salesperson,
            self.sales_manager,
            self.finance_user,
            self.auditor,
            self.employee,
        ):
            with self.assertRaises(AccessError):
                self._exempt(user=user)

    def test_not_ones_own(self):
        self.process_manager.group_ids += self.env.ref("sales_team.group_sale_manager")
        own = self._create_order(user=self.process_manager)
        sold = self._create_order(user=self.sales_manager, user_id=self.process_manager.id)
        edited = self._create_order()
        edited.with_user(self.process_manager).order_line.price_unit = 90
        requested = self._create_order()
        requested.with_user(self.process_manager).action_request_review()
        for order in (own, sold, edited, requested):
            with self.assertRaisesRegex(AccessError, "order of their own"):
                self._exempt(order)

    def test_reason(self):
        for blank in ("", None, " \n", "\u200b", "\u3164"):
            with self.assertRaisesRegex(UserError, "Write why"):
                self._exempt(reason=blank)
        for absurd in (1, True, ["x"], {"a": 1}, "x" * 10_001):
            with self.assertRaises(UserError):
                self._exempt(reason=absurd)

    def test_only_quotations(self):
        self._exempt()
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "only quotations"):
            self._exempt()

    def test_many_with_a_wizard(self):
        orders = self.order | self._create_order()
        action = orders.with_user(self.process_manager).action_open_exemption()
        wizard = (
            self.env[action["res_model"]].with_user(self.process_manager).browse(action["res_id"])
        )
        wizard.text = "Fair"
        wizard.action_run()
        self.assertEqual(orders.mapped("release_exempt"), [True, True])

    def test_stamp_is_not_written_by_hand(self):
        for vals in (
            {"release_exempt": True},
            {"exempt_fingerprint": "x"},
            {"release_reason": "x"},
        ):
            for user in (self.salesperson, self.process_manager):
                with self.assertRaises(AccessError):
                    self.order.with_user(user).write(vals)
