from uuid import uuid4

from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestLeavers(RoundsCommon):
    """Somebody leaves while a round is running: nothing hangs, and the bells follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [cls._create_reviewer(f"opc_leaver{number}") for number in range(3)]
        cls.users = cls.env["res.users"].union(*cls.people)
        cls.department = cls._create_department("Board", cls.users)
        cls.step = cls._create_step("Board", cls.department, decision_rule="all")

    def _leave(self, user, way):
        """Let ``user`` lose the right to sign in one of the ways there are."""
        group = self.env.ref(self._group("reviewer"))
        elsewhere = self.env["res.company"].create({"name": f"Elsewhere {uuid4()}"})
        employee = self.env["hr.employee"].search([("user_id", "=", user.id)])
        {
            "archived": lambda: user.action_archive(),
            "department": lambda: employee.write({"department_id": self.finance.id}),
            "employee": lambda: employee.action_archive(),
            "employee deleted": lambda: employee.unlink(),
            "group": lambda: user.write({"group_ids": [(3, group.id)]}),
            "group's users": lambda: group.write({"user_ids": [(3, user.id)]}),
            "company": lambda: user.write(
                {"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id}
            ),
        }[way]()

    WAYS = (
        "archived",
        "department",
        "employee",
        "employee deleted",
        "group",
        "group's users",
        "company",
    )

    def test_last_one_missing_leaves(self):
        for rule in ("all", "number"):
            for way in self.WAYS:
                with self.subTest(rule=rule, way=way), self.env.cr.savepoint():
                    self.step.write({"decision_rule": rule, "required_count": 2})
                    order = self._submit()
                    self._approve(order, "Board", self.people[0])
                    if rule == "all":
                        self._approve(order, "Board", self.people[1])
                        leaving = self.people[2:]
                        self._leave(leaving[0], way)
                        self.assertEqual(order.review_state, "approved")
                        self.assertIn("completed", self._kinds(order))
                    else:
                        for user in self.people[1:]:
                            self._leave(user, way)
                        # Two signatures are wanted: the next in line is asked for the other
                        self.assertEqual(order.review_state, "in_review")
                        self.assertEqual(self._able(order, "Board"), self.process_manager)
                        self.assertEqual(
                            self._bells(self._signoff(order, "Board")), self.process_manager
                        )
                        self._approve(order, "Board", self.process_manager)
                        self.assertEqual(order.review_state, "approved")
                    self._assert_ledger_intact(order)
                    self._undo_all()

    def test_bells_follow(self):
        for way in self.WAYS:
            with self.subTest(way=way):
                order = self._submit()
                self._leave(self.people[0], way)
                self.assertEqual(self._able(order, "Board"), self.users[1:])
                self.assertEqual(self._bells(self._signoff(order, "Board")), self.users[1:])
                self._undo_all()

    def _undo_all(self):
        """Bring everybody back."""
        group = self.env.ref(self._group("reviewer"))
        self.users.action_unarchive()
        self.users.write(
            {
                "group_ids": [(4, group.id)],
                "company_ids": [(6, 0, self.company.ids)],
                "company_id": self.company.id,
            }
        )
        employees = self.env["hr.employee"].with_context(active_test=False)
        for user in self.users:
            employee = employees.search([("user_id", "=", user.id)])
            if employee:
                employee.write({"active": True, "department_id": self.department.id})
            else:
                self._join(user, self.department)
        self.env.invalidate_all()

    def test_a_vote_holds_when_its_voter_leaves(self):
        self.step.write({"decision_rule": "number", "required_count": 2})
        order = self._submit()
        self._approve(order, "Board", self.people[0])
        self._leave(self.people[0], "archived")
        self.assertEqual(order.review_state, "in_review")
        self._approve(order, "Board", self.people[1])
        self.assertEqual(order.review_state, "approved")

    def test_everybody_leaves(self):
        order = self._submit()
        self.users.action_archive()
        self.assertEqual(self._able(order, "Board"), self.process_manager)
        self.assertEqual(self._bells(self._signoff(order, "Board")), self.process_manager)
        self.process_manager.group_ids = [(3, self.env.ref(self._group("manager")).id)]
        able = self._able(order, "Board")
        self.assertIn(self.env.ref("base.user_admin"), able)
        self.assertEqual(self._bells(self._signoff(order, "Board")), able)

    def test_everybody_comes_back(self):
        order = self._submit()
        self.users.action_archive()
        self.users.action_unarchive()
        self.assertEqual(self._bells(self._signoff(order, "Board")), self.users)

    def test_deleted_user(self):
        stranger = self._create_reviewer("opc_deleted")
        self.step.write({"reviewer_ids": stranger.ids, "decision_rule": "any"})
        order = self._submit()
        stranger.unlink()
        able = self._able(order, "Board")
        self.assertTrue(able)
        self.assertEqual(self._bells(self._signoff(order, "Board")), able)

    def test_new_colleague_is_asked(self):
        order = self._submit()
        joining = self._create_reviewer("opc_joining")
        self._join(joining, self.department)
        self.assertIn(joining, self._bells(self._signoff(order, "Board")))
        with self.subTest("and has to sign as well"):
            for user in self.people:
                self._approve(order, "Board", user)
            self.assertEqual(order.review_state, "in_review")
            self._approve(order, "Board", joining)
            self.assertEqual(order.review_state, "approved")

    def test_new_managers_are_asked(self):
        self.step.write({"decision_rule": "manager"})
        order = self._submit()
        self.assertEqual(self._able(order, "Board"), self.process_manager)
        employees = self.env["hr.employee"].search([("user_id", "=", self.people[1].id)])
        self.department.manager_id = employees
        self.assertEqual(self._bells(self._signoff(order, "Board")), self.people[1])
        self.department.manager_id = False
        self.company.order_process_manager_id = self.people[2]
        self.assertEqual(self._bells(self._signoff(order, "Board")), self.people[2])

    def test_requester_who_left_is_told_nothing_and_the_salesperson_all(self):
        requester = self._create_user("opc_requester", "sales_team.group_sale_manager")
        order = self._create_order()
        order.with_user(requester).action_request_review()
        requester.action_archive()
        signoff = self._signoff(order, "Board")
        signoff.with_user(self.people[0]).action_ask("Which colour?")
        self.assertEqual(self._bells(order), self.salesperson)
        signoff.with_user(self.salesperson).action_answer("Black")
        self.assertFalse(self._bells(order))
        self._reject(order, "Board", self.people[0])
        self.assertEqual(self._bells(order), self.salesperson)
