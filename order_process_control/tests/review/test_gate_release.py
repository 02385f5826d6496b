from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.order.process_token import as_process
from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestGateRelease(OrderProcessCommon):
    """A release is good for one order, as long as it is the last word on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()

    def _review(self, order, decision="approve"):
        order.action_request_review()
        (self._approve if decision == "approve" else self._reject)(
            order, "Finance", self.finance_user
        )
        return order.sudo().current_review_id

    def _assert_refused(self, sentence):
        with self.assertRaisesRegex(UserError, sentence):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_while_a_review_runs_that_nobody_would_ask_for_now(self):
        self.order.action_request_review()
        self.step.action_archive()
        self._assert_refused("is being reviewed")

    def test_an_older_release_of_the_same_content(self):
        line = self.order.order_line
        self._review(self.order)
        line.price_unit = 80
        self._review(self.order, "reject")
        # What was approved before it was asked for again, and refused
        line.price_unit = 100
        self._assert_refused("was changed since it was reviewed")

    def test_a_round_that_was_not_approved(self):
        rejected = self._review(self.order, "reject")
        as_process(self.order.sudo()).release_id = rejected
        self._assert_refused("was rejected by Finance")

    def test_the_release_of_another_order(self):
        other = self._create_order()
        release = self._review(other)
        self._review(self.order)
        own = self.order.sudo().current_review_id
        release.bound_fingerprint = own.fingerprint
        as_process(self.order.sudo()).write({"release_id": release, "current_review_id": release})
        self._assert_refused("was changed since it was reviewed")
        as_process(self.order.sudo()).write({"release_id": own, "current_review_id": own})
        self.order.action_confirm()

    def test_after_the_days_of_the_company(self):
        self.company.order_release_days = 5
        self._review(self.order)
        with freeze_time(fields.Datetime.now() + timedelta(days=6)):
            self._assert_refused("is older than 5 days")
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
