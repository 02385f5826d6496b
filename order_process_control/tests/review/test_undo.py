from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestUndo(RoundsCommon):
    """A mis-click is taken back within minutes, before anybody acted on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance, 10)
        cls._create_step("Production", cls.production, 20)
        cls.order = cls._create_order()
        cls.order.action_request_review()

    def _undo(self, name="Finance", user=None):
        signoff = self._signoff(self.order, name)
        return signoff.with_user(user or self.finance_user).action_undo()

    def test_approval_is_taken_back(self):
        details = {"lead_time_days": 3, "proposed_date": "2040-01-01"}
        self._signoff(self.order, "Finance").with_user(self.finance_user).action_approve(
            "Oops", None, details
        )
        signoff = self._signoff(self.order, "Finance")
        self.assertTrue(signoff.with_user(self.finance_user).can_undo)
        self.assertFalse(signoff.with_user(self.finance_user2).can_undo)
        self._undo()
        self.assertEqual(self._states(self.order), {"Finance": "pending", "Production": "waiting"})
        self.assertRecordValues(
            signoff,
            [
                {
                    "decided_by": False,
                    "comment": False,
                    "lead_time_days": 0,
                    "proposed_date": False,
                }
            ],
        )
        self.assertTrue(signoff.vote_ids.undone_at)
        self.assertEqual(self._bells(signoff), self.finance_user | self.finance_user2)
        self.assertFalse(self._bells(self._signoff(self.order, "Production")))
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        self.assertEqual(self.order.review_state, "approved")
        self._assert_ledger_intact(self.order)

    def test_rejection_of_what_was_changed_since_stands(self):
        self._reject(self.order, "Finance", self.finance_user)
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        self.assertTrue(signoff.can_undo)
        line = self.order.order_line
        line.product_uom_qty += 1
        signoff.invalidate_recordset(["can_undo"])
        self.assertFalse(signoff.can_undo)
        with self.assertRaisesRegex(UserError, "somebody has acted on your decision"):
            signoff.action_undo()
        # As it was, it is what was rejected
        line.product_uom_qty -= 1
        signoff.action_undo()
        self.assertEqual(self.order.review_state, "in_review")

    def test_rejection_is_taken_back(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._reject(self.order, "Production", self.production_user)
        self.assertEqual(self._bells(self.order), self.salesperson)
        self._undo("Production", self.production_user)
        self.assertEqual(self.order.review_state, "in_review")
        self.assertEqual(self._states(self.order), {"Finance": "approved", "Production": "pending"})
        self.assertFalse(self._bells(self.order))
        self.assertEqual(self._bells(self._signoff(self.order, "Production")), self.production_user)

    def test_rejection_with_an_open_question_is_taken_back(self):
        self._signoff(self.order, "Finance").with_user(self.finance_user).action_ask("Why?")
        self._reject(self.order, "Finance", self.finance_user)
        self._undo()
        self.assertEqual(self._bells(self.order), self.salesperson)
        with self.assertRaisesRegex(UserError, "not answered yet"):
            self._approve(self.order, "Finance", self.finance_user)

    def test_last_approval_is_taken_back(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        self.assertTrue(self.order.release_id)
        self._undo("Production", self.production_user)
        self.assertFalse(self.order.release_id)
        self.assertEqual(self.order.review_state, "in_review")
        with self.assertRaisesRegex(UserError, "waiting for: Production"):
            self.order.action_confirm()
        self._approve(self.order, "Production", self.production_user)
        self.order.action_confirm()

    def test_somebody_acted_on_it(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        with self.assertRaisesRegex(UserError, "acted on your decision already"):
            self._undo()

    def test_question_is_an_act(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._signoff(self.order, "Production").with_user(self.production_user).action_ask("How?")
        with self.assertRaisesRegex(UserError, "acted on your decision already"):
            self._undo()

    def test_confirmation_is_an_act(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "acted on your decision already"):
            self._undo("Production", self.production_user)

    def test_nothing_is_reopened_on_a_cancelled_order(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        signoff = self._signoff(self.order, "Production").with_user(self.production_user)
        self.order.action_cancel()
        with self.assertRaisesRegex(UserError, "acted on your decision already"):
            signoff.action_undo()
        self.order.action_draft()
        with self.assertRaisesRegex(UserError, "acted on your decision already"):
            signoff.action_undo()
        self.order.action_request_review()
        self.assertEqual(self.order.review_state, "in_review")

    def test_too_late(self):
        self._approve(self.order, "Finance", self.finance_user)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            with self.assertRaisesRegex(UserError, "10 minutes only"):
                self._undo()

    def test_slow_request_can_be_taken_back_as_well(self):
        """The entries of the ledger are written seconds after the transaction began."""
        with freeze_time(fields.Datetime.now() + timedelta(seconds=5)):
            self._approve(self.order, "Finance", self.finance_user)
        self._undo()
        self.assertEqual(self._states(self.order)["Finance"], "pending")

    def test_only_ones_own(self):
        self._approve(self.order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "nothing here that could be taken back"):
            self._undo(user=self.finance_user2)
        with self.assertRaises(UserError):
            self._undo(user=self.salesperson)
        self._undo()
        with self.assertRaisesRegex(UserError, "nothing here that could be taken back"):
            self._undo()

    def test_vote_that_was_not_the_last(self):
        self.step.decision_rule = "all"
        self.order.action_withdraw_review()
        self.order.action_request_review()
        self._approve(self.order, "Finance", self.finance_user)
        self._undo()
        signoff = self._signoff(self.order, "Finance")
        self.assertEqual(self._bells(signoff), self.finance_user | self.finance_user2)
        self._approve(self.order, "Finance", self.finance_user2)
        self.assertEqual(signoff.state, "pending")
        self._approve(self.order, "Finance", self.finance_user)
        self.assertEqual(signoff.state, "approved")

    def test_taken_back_signature_is_not_carried(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._undo()
        self.order.action_withdraw_review()
        self.order.action_request_review()
        self.assertEqual(self._states(self.order)["Finance"], "pending")

    def test_taken_back_signature_bars_nobody_elsewhere(self):
        step = self.env["order.review.step"].search([("name", "=", "Production")])
        step.reviewer_ids = self.finance_user
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._signoff(order, "Finance").with_user(self.finance_user).action_undo()
        self._approve(order, "Finance", self.finance_user2)
        self._approve(order, "Production", self.finance_user)
        self.assertEqual(order.review_state, "approved")

    def test_open_points_end_with_it(self):
        self._signoff(self.order, "Finance").with_user(self.finance_user).action_approve(
            None, None, {"open_points": [{"name": "Guarantee"}]}
        )
        point = self._signoff(self.order, "Finance").open_point_ids
        self.assertEqual(self._bells(point), self.salesperson)
        self._undo()
        self.assertEqual(point.state, "cancelled")
        self.assertFalse(self._bells(point))
