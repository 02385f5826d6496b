from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestEscalation(RoundsCommon):
    """The customer refuses what a rejection asks for: the general manager decides (R-082)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_reviewer("opc_boss")
        cls._create_step("Finance", cls.finance, 10, watched_aspects="price")
        cls._create_step("Production", cls.production, 20, watched_aspects="goods,dates")
        cls.final = cls._create_step(
            "General Manager",
            sequence=1,
            reviewer_ids=cls.boss.ids,
            is_final=True,
            watched_aspects="customer",
        )
        cls.order = cls._create_order()
        cls.order.action_request_review()

    def _escalate(self, user=None, reason="They take it or leave it"):
        return self.order.with_user(user or self.salesperson).action_escalate_decision(reason)

    def _rejected(self):
        self._reject(self.order, "Finance", self.finance_user, "Owes us money")
        return self.order.current_review_id

    def test_final_approver_overrules_with_a_reason(self):
        rejected = self._rejected()
        self._escalate()
        review = self.order.current_review_id
        self.assertEqual(
            (review.overrules_id, review.reason), (rejected, "They take it or leave it")
        )
        self.assertEqual(
            self._states(self.order),
            {"Finance": "skipped", "Production": "pending", "General Manager": "waiting"},
        )
        self._approve(self.order, "Production", self.production_user)
        with self.assertRaisesRegex(UserError, "why you overrule"):
            self._approve(self.order, "General Manager", self.boss)
        self._approve(self.order, "General Manager", self.boss, "Strategic customer")
        self.assertEqual(self.order.review_state, "approved")
        self.assertEqual(rejected.state, "rejected")
        self.assertEqual(
            rejected.signoff_ids.filtered(lambda s: s.name == "Finance").comment, "Owes us money"
        )
        chips = {c["name"]: c for c in self.order.review_strip["rounds"][0]["signoffs"]}
        self.assertEqual(chips["Finance"]["state_label"], "Overruled")
        self.assertIn("escalated", self._kinds(self.order))
        self.order.action_confirm()
        self._assert_ledger_intact(self.order)

    def test_what_was_approved_is_carried_over(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._reject(self.order, "Production", self.production_user)
        self._escalate()
        self.assertEqual(
            self._states(self.order),
            {"Finance": "approved", "Production": "skipped", "General Manager": "pending"},
        )

    def test_final_approver_agrees_with_the_rejection(self):
        self._rejected()
        self._escalate()
        self._approve(self.order, "Production", self.production_user)
        self._reject(self.order, "General Manager", self.boss, "No")
        self.assertEqual(self.order.review_state, "rejected")
        with self.assertRaisesRegex(UserError, "rejected by the final approver"):
            self._escalate()
        self.assertFalse(self.order.release_id)

    def test_rejection_of_the_final_approver_is_not_overruled_by_nobody(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        self._reject(self.order, "General Manager", self.boss, "No")
        with self.assertRaisesRegex(UserError, "rejected by the final approver"):
            self._escalate()
        self.order.action_request_review()
        self.assertEqual(self._states(self.order)["General Manager"], "pending")

    def test_older_signature_of_the_final_approver_overrules_nothing(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Production", self.production_user)
        self._approve(self.order, "General Manager", self.boss)
        self.order.order_line.price_unit = 50
        self.order.action_request_review()
        self.assertEqual(
            self._states(self.order),
            {"Finance": "pending", "Production": "approved", "General Manager": "approved"},
        )
        self._reject(self.order, "Finance", self.finance_user, "Too cheap")
        self._escalate()
        self.assertEqual(
            self._states(self.order),
            {"Finance": "skipped", "Production": "approved", "General Manager": "pending"},
        )
        with self.assertRaisesRegex(UserError, "waiting for: General Manager"):
            self.order.action_confirm()

    def test_only_the_rejection_of_this_content_is_overruled(self):
        """Finance rejected an older offer and has not decided on this one."""
        self._rejected()
        self.order.order_line.price_unit = 50
        self.env["order.review.step"].search([("name", "=", "Production")]).sequence = 10
        self.order.action_request_review()
        self._reject(self.order, "Production", self.production_user)
        self._escalate()
        self.assertEqual(
            self._states(self.order),
            {"Finance": "pending", "Production": "skipped", "General Manager": "waiting"},
        )

    def test_second_rejection_is_escalated_as_well(self):
        self._rejected()
        self._escalate()
        self._reject(self.order, "Production", self.production_user)
        self._escalate(reason="They insist")
        self.assertEqual(
            self._states(self.order),
            {"Finance": "skipped", "Production": "skipped", "General Manager": "pending"},
        )
        self._approve(self.order, "General Manager", self.boss, "Do it")
        self.assertEqual(self.order.review_state, "approved")

    def test_changed_order_is_submitted_again_instead(self):
        self._rejected()
        self.order.order_line.price_unit = 110
        with self.assertRaisesRegex(UserError, "changed since it was rejected"):
            self._escalate()

    def test_nothing_to_escalate(self):
        with self.assertRaisesRegex(UserError, "is not rejected"):
            self._escalate()
        self._rejected()
        self.order.action_cancel()
        with self.assertRaisesRegex(UserError, "is not rejected"):
            self._escalate()

    def test_overruled_department_is_asked_again_later(self):
        self._rejected()
        self._escalate()
        self._approve(self.order, "Production", self.production_user)
        self._approve(self.order, "General Manager", self.boss, "Do it")
        self.order.partner_id = self.env["res.partner"].create({"name": "Somebody else"})
        self.order.action_request_review()
        self.assertEqual(self._states(self.order)["Finance"], "pending")

    def test_who_escalates_and_why(self):
        self._rejected()
        for user in (self.finance_user, self.other_salesperson, self.employee):
            with self.assertRaises(AccessError):
                self._escalate(user)
        for blank in ("", None, " ", "\u3164"):
            with self.assertRaisesRegex(UserError, "Write why the customer"):
                self._escalate(reason=blank)

    def test_without_final_step_nobody_can_overrule(self):
        self.final.is_final = False
        self.order.action_withdraw_review()
        self.order.action_request_review()
        self._reject(self.order, "General Manager", self.boss)
        with self.assertRaisesRegex(UserError, "marked as final approval"):
            self._escalate()

    def test_final_approver_who_sells_does_not_overrule(self):
        manager = self._create_user("opc_seller", "sales_team.group_sale_manager")
        self.final.reviewer_ids = manager
        order = self._create_order(user=manager)
        order.action_request_review()
        self._reject(order, "Finance", self.finance_user)
        order.action_escalate_decision("They insist")
        self._approve(order, "Production", self.production_user)
        self.assertNotIn(manager, self._able(order, "General Manager"))

    def test_wizard(self):
        self._rejected()
        action = self.order.with_user(self.salesperson).action_open_escalation()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
        wizard.text = "They insist"
        wizard.action_run()
        self.assertEqual(self.order.review_state, "in_review")
