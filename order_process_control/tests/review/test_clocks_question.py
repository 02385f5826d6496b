from odoo.tests import tagged

from .clocks import ClocksCommon


@tagged("post_install", "-at_install")
class TestClocksQuestion(ClocksCommon):
    """A question lets the department's clock stand still; the answer has its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)

    def setUp(self):
        super().setUp()
        self.order = self._submit_at(0)
        self.signoff = self._signoff(self.order, "Finance")
        with self._at(1):
            self.signoff.with_user(self.finance_user).action_ask("Which bank?")

    def _answer(self, hours):
        with self._at(hours):
            self.signoff.with_user(self.salesperson).action_answer("Ours")

    def test_pause_and_answer(self):
        deadline = self._deadlines(self.signoff)
        self.assertRecordValues(
            deadline,
            [{"state": "paused", "remaining_minutes": 420, "pause_reason": "Sales was asked"}],
        )
        answer = self._deadlines(self.signoff.question_ids)
        self.assertRecordValues(
            answer,
            [
                {
                    "clock": "answer",
                    "state": "running",
                    "user_id": self.salesperson.id,
                    "order_id": self.order.id,
                }
            ],
        )
        self._assert_due(answer, 6)  # 9:00 and four working hours, with the lunch break
        self.assertEqual(self._states_of(self.order), ["running"], "the customer still waits")
        self._answer(25)
        self._assert_due(self._deadlines(self.signoff), 33)  # Tuesday 9:00 and 7 working hours
        answer = self._deadlines(self.signoff.question_ids)
        self.assertEqual((answer.state, answer.delay_minutes), ("missed", 240))

    def test_a_late_answer_is_not_the_departments_fault(self):
        self._answer(49)  # Wednesday 9:00
        with self._at(50):
            self._approve(self.order, "Finance", self.finance_user)
        deadline = self._deadlines(self.signoff)
        self.assertEqual((deadline.state, deadline.used_minutes), ("met", 120))

    def test_rejected_instead_of_waiting(self):
        with self._at(49):
            self._reject(self.order, "Finance", self.finance_user)
        self.assertRecordValues(
            self._deadlines(self.signoff), [{"state": "met", "used_minutes": 60}]
        )
        self.assertEqual(self._states_of(self.signoff.question_ids), ["cancelled"])

    def test_rejection_is_taken_back(self):
        with self._at(2):
            self._reject(self.order, "Finance", self.finance_user)
            self.signoff.with_user(self.finance_user).action_undo()
        self.assertRecordValues(
            self._deadlines(self.signoff), [{"state": "paused", "remaining_minutes": 420}]
        )
        self.assertEqual(self._states_of(self.signoff.question_ids), ["running"])
        self._answer(3)
        self._assert_due(self._deadlines(self.signoff), 24 + 2)

    def test_withdrawn_while_waiting(self):
        with self._at(2):
            self.order.action_withdraw_review()
        self.assertEqual(self._states_of(self.signoff), ["cancelled"])
        self.assertEqual(self._states_of(self.signoff.question_ids), ["cancelled"])

    def test_second_question(self):
        self._answer(2)
        with self._at(3):
            self.signoff.with_user(self.finance_user).action_ask("And when?")
        self.assertEqual(self._states_of(self.signoff), ["paused"])
        self.assertEqual(sorted(self._states_of(self.signoff.question_ids)), ["met", "running"])

    def test_process_switched_on_again_goes_on_waiting(self):
        manager = self.company.with_user(self.process_manager)
        with self._at(2):
            manager.action_stop_order_process()
            manager.action_start_order_process()
        self.assertEqual(self._states_of(self.signoff), ["cancelled", "paused"])
        self.assertEqual(self._states_of(self.signoff.question_ids), ["cancelled", "running"])
