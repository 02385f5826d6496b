from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestSubmission(OrderProcessCommon):
    """What is refused at submission could still be saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)

    def test_submission_registers(self):
        order = self._create_order()
        order.action_request_review()
        self.assertTrue(order.registered_at)

    def test_what_cannot_be_submitted_can_still_be_saved(self):
        past = fields.Datetime.now() - timedelta(days=2)
        door = self.env["utm.medium"].create({"name": "Back door"})
        for vals, problem in (
            ({"commitment_date": past}, "promised delivery date is in the past"),
            ({"medium_id": False}, "through which channel"),
            ({"medium_id": door.id}, "“Back door” is not an approved order channel"),
            ({"order_line": []}, "no order lines"),
        ):
            order = self._create_order(**vals)
            with self.assertRaisesRegex(UserError, problem):
                order.action_request_review()
            self.assertFalse(order.registered_at)

    def test_all_problems_are_told_at_once(self):
        order = self._create_order(medium_id=False, order_line=[])
        good = self._create_order()
        with self.assertRaisesRegex(UserError, f"{order.name}:.*no order lines.*which channel"):
            (order | good).action_request_review()
        self.assertEqual(good.review_state, "to_submit")

    def test_promise_for_today_is_possible(self):
        order = self._create_order(commitment_date=fields.Datetime.now())
        order.action_request_review()
        self.assertEqual(order.review_state, "in_review")
