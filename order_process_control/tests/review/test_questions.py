from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestQuestions(RoundsCommon):
    """A department asks sales before it signs (R-108)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls._create_step("Production", cls.production)
        cls.order = cls._create_order()
        cls.order.action_request_review()

    def _ask(self, name="Finance", user=None, question="Which bank?"):
        signoff = self._signoff(self.order, name)
        return signoff.with_user(user or self.finance_user).action_ask(question)

    def _answer(self, name="Finance", user=None, answer="Ours"):
        signoff = self._signoff(self.order, name)
        return signoff.with_user(user or self.salesperson).action_answer(answer)

    def test_question_blocks_approval_until_the_answer(self):
        self._ask()
        signoff = self._signoff(self.order, "Finance")
        self.assertEqual(self._bells(self.order), self.salesperson)
        self.assertTrue(signoff.open_question_since)
        self.assertTrue(self.order.has_open_question)
        for user in (self.finance_user, self.finance_user2):
            with self.assertRaisesRegex(UserError, "not answered yet"):
                self._approve(self.order, "Finance", user)
        self.assertEqual(
            self._bells(signoff), self.finance_user | self.finance_user2, "still to be signed"
        )
        self._answer()
        self.assertFalse(self._bells(self.order))
        self.env.invalidate_all()
        self.assertFalse(signoff.open_question_since or self.order.has_open_question)
        self.assertRecordValues(
            signoff.question_ids,
            [
                {
                    "question": "Which bank?",
                    "asked_by": self.finance_user.id,
                    "answer": "Ours",
                    "answered_by": self.salesperson.id,
                }
            ],
        )
        self.assertTrue(signoff.asked_at and signoff.answered_at)
        self._approve(self.order, "Finance", self.finance_user2)
        self.assertEqual(signoff.state, "approved")
        self.assertEqual(
            self._kinds(self.order), ["registered", "requested", "asked", "answered", "approved"]
        )
        self._assert_ledger_intact(self.order)

    def test_question_does_not_stop_others(self):
        self._ask()
        self._approve(self.order, "Production", self.production_user)
        self.assertEqual(self._states(self.order)["Production"], "approved")

    def test_rejecting_with_an_open_question(self):
        self._ask()
        self._reject(self.order, "Finance", self.finance_user)
        self.assertEqual(self.order.review_state, "rejected")
        self.assertEqual(len(self._all_bells(self.order)), 1, "the result, no question")

    def _all_bells(self, order):
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", "sale.order"), ("res_id", "=", order.id)])
        )

    def test_second_question_waits_for_the_first_answer(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "question already"):
            self._ask(user=self.finance_user2)
        self._answer()
        self._ask(question="And which branch?")
        self.assertEqual(len(self._signoff(self.order, "Finance").question_ids), 2)
        with self.assertRaisesRegex(UserError, "not answered yet"):
            self._approve(self.order, "Finance", self.finance_user)

    def test_two_departments_ask(self):
        self._ask()
        self._ask("Production", self.production_user)
        self._answer()
        self.assertEqual(self._bells(self.order), self.salesperson, "one is still open")
        self._answer("Production")
        self.assertFalse(self._bells(self.order))

    def test_who_may_ask(self):
        for user in (self.production_user, self.salesperson, self.process_manager, self.employee):
            with self.assertRaises(UserError):
                self._ask(user=user)
        self._approve(self.order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "not open any more"):
            self._ask()

    def test_who_may_answer(self):
        self._ask()
        for user in (self.finance_user, self.auditor):
            # Who may read it is told whose turn it is
            with self.assertRaisesRegex(AccessError, "Questions are answered by sales"):
                self._answer(user=user)
        for user in (self.production_user, self.employee, self.other_salesperson):
            with self.assertRaises(AccessError):
                self._answer(user=user)
        self.assertFalse(self._signoff(self.order, "Finance").answered_at)
        self._answer(user=self.sales_manager)
        self.assertTrue(self._signoff(self.order, "Finance").answered_at)

    def test_nothing_to_answer(self):
        with self.assertRaisesRegex(UserError, "no open question"):
            self._answer()
        with self.assertRaisesRegex(UserError, "no open question"):
            self.order.action_open_answer()

    def test_blank_texts(self):
        for blank in ("", None, " \n", "\u200b", "\u3164", "\u2800", "\ufe0f"):
            with self.assertRaisesRegex(UserError, "Write what you want to know"):
                self._ask(question=blank)
        self._ask()
        for blank in ("", None, " \n", "\u200b", "\u3164", "\u2800", "\ufe0f"):
            with self.assertRaisesRegex(UserError, "Write your answer"):
                self._answer(answer=blank)

    def test_order_changes_while_a_question_is_open(self):
        self._ask()
        self.order.order_line.price_unit = 90
        self.assertFalse(self._bells(self.order), "who changed it knows")
        with self.assertRaisesRegex(UserError, "no open question"):
            self._answer()
        self.order.action_request_review()
        self.assertFalse(self._signoff(self.order, "Finance").question_ids)
        self._approve(self.order, "Finance", self.finance_user)

    def test_wizards(self):
        signoff = self._signoff(self.order, "Finance")
        action = signoff.with_user(self.finance_user).action_open_question()
        wizard = self.env[action["res_model"]].with_user(self.finance_user).browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Write what"):
            wizard.action_run()
        wizard.text = "Which bank?"
        wizard.action_run()
        action = self.order.with_user(self.salesperson).action_open_answer()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
        self.assertIn("Finance: Which bank?", wizard.hint)
        wizard.text = "Ours"
        wizard.action_run()
        self.assertEqual(signoff.question_ids.answer, "Ours")

    def test_questions_are_kept(self):
        self._ask()
        question = self._signoff(self.order, "Finance").question_ids
        for user in (self.finance_user, self.salesperson, self.process_manager):
            with self.assertRaises(AccessError):
                question.with_user(user).write({"answer": "forged"})
            with self.assertRaises(AccessError):
                question.with_user(user).create({"signoff_id": question.signoff_id.id})
        with self.assertRaises(AccessError):
            question.sudo().unlink()
