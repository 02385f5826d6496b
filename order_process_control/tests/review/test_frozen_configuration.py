from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestFrozenConfiguration(RoundsCommon):
    """A running round keeps its configuration, and history stays what it was (principle 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.special = cls.env["order.class"].create({"name": "Peculiar", "sequence": 999})
        cls.step = cls._create_step("Finance", cls.finance, 10)
        cls.last = cls._create_step("Production", cls.production, 20)
        cls.criterion = cls.env["order.review.criterion"].create(
            {"step_id": cls.step.id, "name": "Can they pay?", "guidance": "Ask the bank"}
        )
        cls.order = cls._create_order(class_id=cls.special.id)
        cls.order.action_request_review()

    def _history(self):
        self.env.flush_all()
        self.env.invalidate_all()
        review = self.order.sudo().review_ids
        return (
            review.read(["state", "number", "fingerprint", "content", "snapshot", "diff"]),
            review.signoff_ids.read(
                ["name", "sequence", "decision_rule", "state", "comment", "limits", "is_final"]
            ),
            review.signoff_ids.answer_ids.read(["name", "guidance", "kind", "result", "note"]),
            review.signoff_ids.vote_ids.read(["user_id", "entitlement", "comment"]),
            self.order.event_ids.read(["kind", "payload", "hash"]),
        )

    def _finish(self):
        answers = [
            {"id": a.id, "result": "pass"} for a in self._signoff(self.order, "Finance").answer_ids
        ]
        self._approve(self.order, "Finance", self.finance_user, "Paid", answers)
        self._approve(self.order, "Production", self.production_user)
        self.assertEqual(self.order.review_state, "approved")

    def test_running_round_does_not_change(self):
        before = self._history()
        self.step.write(
            {
                "name": "Treasury",
                "sequence": 99,
                "decision_rule": "all",
                "reviewer_ids": self.sales_manager.ids,
                "department_id": self.production.id,
                "tolerance_percent": 100,
                "watched_aspects": "dates",
                "is_final": True,
                "allow_requester": True,
                "condition_domain": "[('amount_total', '<', 0)]",
            }
        )
        self.criterion.write({"name": "Whatever", "is_required": False, "kind": "manual"})
        self._create_step("New", reviewer_ids=self.sales_manager.ids)
        self.finance.name = "Cash"
        self.special.name = "Odd"
        self.assertEqual(self._history(), before)
        with self.assertRaisesRegex(UserError, "please answer first:\n- Can they pay"):
            self._approve(self.order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "is signed by opc_fin"):
            self._approve(self.order, "Finance", self.sales_manager)
        self._finish()
        self.assertEqual(
            self._states(self.order), {"Finance": "approved", "Production": "approved"}
        )
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self._assert_ledger_intact(self.order)

    def test_archived(self):
        before = self._history()
        (self.step | self.last).action_archive()
        self.criterion.active = False
        self.finance.action_archive()
        self.special.active = False
        self.assertEqual(self._history(), before)
        self._finish()
        self.order.action_confirm()

    def test_deleted(self):
        before = self._history()
        self.criterion.unlink()
        (self.step | self.last).unlink()
        self.assertEqual(self._history(), before)
        self.assertEqual(self.order.review_state, "in_review")
        self._finish()
        self.assertEqual(self.order.review_state, "approved")
        self.order.action_confirm()
        self._assert_ledger_intact(self.order)

    def test_deleted_without_a_decision_the_gate_still_holds(self):
        (self.step | self.last).unlink()
        with self.assertRaisesRegex(UserError, "waiting for: Finance"):
            self.order.action_confirm()

    @mute_logger("odoo.sql_db")
    def test_what_history_names_is_not_deleted(self):
        self._finish()
        self.finance.member_ids.department_id = False
        for record in (self.finance, self.special, self.finance_user):
            with (
                self.subTest(record._name),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record.sudo().unlink()
                self.env.flush_all()

    def test_finished_round_does_not_change(self):
        self._finish()
        before = self._history()
        self.criterion.unlink()
        self.step.write({"name": "Treasury", "decision_rule": "all"})
        self.last.unlink()
        self.product.write({"name": "Table", "list_price": 1})
        self.customer.name = "Careless Customer"
        self.finance_user.action_archive()
        self.env["order.review.step"].search([]).action_archive()
        self.assertEqual(self._history(), before)
        self.assertEqual(self.order.review_state, "approved")
        self.order.action_confirm()
        self._assert_ledger_intact(self.order)

    def test_confirmed_order_is_not_judged_again(self):
        self._finish()
        self.order.action_confirm()
        self._create_step("New", reviewer_ids=self.sales_manager.ids)
        self.order.with_user(self.salesperson).client_order_ref = "PO"
        self.assertEqual(self.order.review_state, "approved")
        self.assertEqual(self.order.state, "sale")

    def test_next_round_has_the_new_configuration(self):
        self._finish()
        self.step.write({"name": "Treasury", "decision_rule": "all"})
        self.last.unlink()
        self.order.order_line.price_unit = 90
        self.order.action_request_review()
        self.assertEqual(self._states(self.order), {"Treasury": "pending"})
        self.assertEqual(
            sorted(self.order.sudo().review_ids[-1].signoff_ids.mapped("name")),
            ["Finance", "Production"],
        )

    def test_class_whose_rule_breaks_asks_everybody(self):
        self.step.condition_domain = "[]"
        self.env.cr.execute(
            "UPDATE order_review_step SET condition_domain = '[(broken' WHERE id = %s",
            [self.step.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        order = self._create_order()
        with mute_logger("odoo.addons.order_process_control.models.order.order_rule_mixin"):
            order.action_request_review()
        self.assertIn("Finance", self._states(order))
