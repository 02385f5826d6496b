from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestDecisionRules(RoundsCommon):
    """How many of a department have to sign: any, all, a number, its manager (R-095)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = [cls._create_reviewer(f"opc_board{number}") for number in range(3)]
        cls.users = cls.env["res.users"].union(*cls.board)
        cls.step = cls._create_step("Board", reviewer_ids=cls.users.ids)

    def _state(self, order):
        return self._signoff(order, "Board").state

    def test_any(self):
        order = self._submit()
        self.assertEqual(self._bells(self._signoff(order, "Board")), self.users)
        self._approve(order, "Board", self.board[1])
        self.assertEqual(order.review_state, "approved")
        self.assertFalse(self._bells(self._signoff(order, "Board")))

    def test_all(self):
        self.step.decision_rule = "all"
        order = self._submit()
        for number, user in enumerate(self.board):
            self.assertEqual(self._state(order), "pending")
            self.assertEqual(self._bells(self._signoff(order, "Board")), self.users[number:])
            self._approve(order, "Board", user, f"Vote {number}")
        self.assertEqual(order.review_state, "approved")
        signoff = self._signoff(order, "Board")
        self.assertEqual(signoff.decided_by, self.board[2])
        self.assertEqual(signoff.vote_ids.mapped("comment"), ["Vote 0", "Vote 1", "Vote 2"])
        self.assertEqual(self._kinds(order).count("approved"), 3)
        self.assertEqual(self._kinds(order).count("round_approved"), 1)
        self._assert_ledger_intact(order)

    def test_number(self):
        self.step.write({"decision_rule": "number", "required_count": 2})
        order = self._submit()
        self._approve(order, "Board", self.board[0])
        self.assertEqual(self._state(order), "pending")
        with self.assertRaisesRegex(UserError, "you have signed already"):
            self._approve(order, "Board", self.board[0])
        with self.assertRaisesRegex(UserError, "you have signed already"):
            self._reject(order, "Board", self.board[0])
        self._approve(order, "Board", self.board[2])
        self.assertEqual(order.review_state, "approved")
        self.assertFalse(self._bells(self._signoff(order, "Board")))

    def test_number_beyond_the_people_asks_the_managers_as_well(self):
        boss = self._create_reviewer("opc_boss")
        self.finance.manager_id = self._join(boss, self.finance)
        self.step.write(
            {
                "decision_rule": "number",
                "required_count": 3,
                "reviewer_ids": [(6, 0, self.users[:2].ids)],
                "department_id": self.finance.id,
            }
        )
        order = self._submit()
        self.assertEqual(self._able(order, "Board"), self.users[:2] | boss)

    def test_number_that_nobody_can_reach_does_not_hang(self):
        self.step.write({"decision_rule": "number", "required_count": 99})
        order = self._submit()
        able = self._able(order, "Board")
        self.assertEqual(able, self.users | self.process_manager)
        for user in able:
            self.assertEqual(order.review_state, "in_review")
            self._approve(order, "Board", user)
        self.assertEqual(order.review_state, "approved")

    def test_number_below_one_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "at least one"):
            self.step.write({"decision_rule": "number", "required_count": 0})

    def test_manager(self):
        boss = self._create_reviewer("opc_boss")
        self.finance.manager_id = self._join(boss, self.finance)
        self.step.write(
            {
                "decision_rule": "manager",
                "department_id": self.finance.id,
                "reviewer_ids": [(5, 0, 0)],
            }
        )
        order = self._submit()
        self.assertEqual(self._able(order, "Board"), boss)
        with self.assertRaisesRegex(UserError, "is signed by opc_boss"):
            self._approve(order, "Board", self.finance_user)
        self._approve(order, "Board", boss)
        self.assertEqual(self._signoff(order, "Board").vote_ids.entitlement, "department_manager")

    def test_one_rejection_closes_under_every_rule(self):
        for vals in (
            {"decision_rule": "any"},
            {"decision_rule": "all"},
            {"decision_rule": "number", "required_count": 2},
        ):
            self.step.write(vals)
            order = self._submit()
            if vals["decision_rule"] != "any":
                self._approve(order, "Board", self.board[0])
            self._reject(order, "Board", self.board[1], "Never")
            self.assertEqual(order.review_state, "rejected", vals)
            signoff = self._signoff(order, "Board")
            self.assertEqual((signoff.comment, signoff.decided_by), ("Never", self.board[1]))
            self.assertFalse(self._bells(signoff))

    def test_unknown_rule_is_refused(self):
        with self.assertRaises(ValueError):
            self.step.decision_rule = "coin"

    # === ONE PERSON, ONE SIGNATURE ===#

    def test_signing_for_one_department_leaves_the_other_to_the_rest(self):
        """Who was the last one missing elsewhere cannot sign there any more: nothing hangs."""
        self.step.write({"decision_rule": "all", "reviewer_ids": [(6, 0, self.users[:2].ids)]})
        self._create_step("Finance", reviewer_ids=self.users[1:].ids)
        order = self._submit()
        self._approve(order, "Board", self.board[0])
        self._approve(order, "Finance", self.board[1])
        self.assertEqual(self._state(order), "approved")
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(self._kinds(order).count("completed"), 1)
        self.assertEqual(self._kinds(order).count("round_approved"), 1)
        self.assertEqual(order.release_id, order.current_review_id)
        self._assert_ledger_intact(order)

    def test_number_looks_for_somebody_else_when_one_has_signed_elsewhere(self):
        self.step.write(
            {
                "decision_rule": "number",
                "required_count": 2,
                "reviewer_ids": [(6, 0, self.users[:2].ids)],
            }
        )
        self._create_step("Finance", reviewer_ids=self.users[1:].ids)
        order = self._submit()
        self._approve(order, "Finance", self.board[1])
        expected = self.board[0] | self.process_manager
        self.assertEqual(self._able(order, "Board"), expected)
        self.assertEqual(self._bells(self._signoff(order, "Board")), expected)

    def test_allow_requester_lets_one_person_sign_everywhere(self):
        self.step.write({"allow_requester": True, "reviewer_ids": self.salesperson.ids})
        self._create_step("Finance", reviewer_ids=self.salesperson.ids, allow_requester=True)
        order = self._submit()
        signoffs = order.sudo().current_review_id.signoff_ids
        signoffs.with_user(self.salesperson).action_approve()
        self.assertEqual(order.review_state, "approved")

    # === ORDER OF SIGNING ===#

    def test_final_step_is_last_whatever_its_sequence(self):
        self._create_step(
            "General Manager", None, 1, reviewer_ids=self.process_manager.ids, is_final=True
        )
        self._create_step("Finance", self.finance, 90)
        order = self._submit()
        self.assertEqual(
            self._states(order),
            {"Board": "pending", "Finance": "waiting", "General Manager": "waiting"},
        )
        self._approve(order, "Board", self.board[0])
        with self.assertRaisesRegex(UserError, "signs after the departments before it"):
            self._approve(order, "General Manager", self.process_manager)
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(self._states(order)["General Manager"], "pending")
        self._approve(order, "General Manager", self.process_manager)
        self.assertEqual(order.review_state, "approved")

    # === OWN ORDERS ===#

    def test_colleague_who_changed_a_watched_fact_does_not_sign(self):
        manager = self._create_user("opc_editor", "sales_team.group_sale_manager")
        self.step.reviewer_ids = manager | self.board[0]
        changes = (
            lambda order: order.order_line.write({"price_unit": 99}),
            lambda order: order.write({"commitment_date": "2040-01-01"}),
            lambda order: order.order_line[:1].copy({"order_id": order.id}),
            lambda order: order.order_line[:1].unlink(),
            lambda order: order.write({"order_line": [(1, order.order_line[0].id, {"name": "x"})]}),
        )
        for number, change in enumerate(changes):
            order = self._create_order(lines=[(self.product, 2), (self.service, 1)])
            change(order.with_user(manager))
            order.action_request_review()
            self.assertEqual(self._able(order, "Board"), self.board[0], number)
            with self.assertRaisesRegex(UserError, "Somebody else has to sign"):
                self._approve(order, "Board", manager)

    def test_who_wrote_nothing_that_is_watched_signs(self):
        manager = self._create_user("opc_editor", "sales_team.group_sale_manager")
        self.step.reviewer_ids = manager
        order = self._create_order()
        order.with_user(manager).client_order_ref = "PO 4711"
        order.action_request_review()
        self._approve(order, "Board", manager)
        self.assertEqual(order.review_state, "approved")
