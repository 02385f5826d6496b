from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestSigners(OrderProcessCommon):
    """Who may sign, and who is asked when nobody is left."""

    def _candidates(self, order, name):
        return self._signoff(order, name).candidate_ids

    def test_department_employees_sign_live(self):
        self._create_step("Finance", self.finance)
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Finance"), self.finance_user | self.finance_user2)
        self.finance_user.active = False
        self.env.invalidate_all()
        self.assertEqual(self._candidates(order, "Finance"), self.finance_user2)
        with self.assertRaisesRegex(UserError, "is signed by opc_fin2"):
            self._approve(order, "Finance", self.sales_manager)

    def test_reviewer_without_employee(self):
        member = self._create_user("opc_board", self._group("reviewer"))
        self._create_step("Board", reviewer_ids=member.ids)
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Board"), member)

    def test_reviewer_without_right_is_nobody(self):
        self._create_step("Board", reviewer_ids=self.employee.ids)
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Board"), self.process_manager)

    def test_nobody_signs_own_order(self):
        self._create_step("Sales", reviewer_ids=(self.salesperson | self.sales_manager).ids)
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Sales"), self.sales_manager)
        with self.assertRaisesRegex(UserError, "Somebody else has to sign"):
            self._approve(order, "Sales", self.salesperson)

    def test_who_sells_or_created_it_does_not_sign(self):
        """Each is barred by that alone, when somebody else submits it."""
        manager = self._create_user("opc_sales_mgr2", "sales_team.group_sale_manager")
        own = self.salesperson | self.sales_manager
        self._create_step("Sales", reviewer_ids=own.ids)
        order = self._create_order(self.sales_manager, user_id=self.salesperson.id)
        order.with_user(manager).action_request_review()
        self.assertEqual(self._candidates(order, "Sales"), self.process_manager)
        for user in own:
            with self.assertRaisesRegex(UserError, "Somebody else has to sign"):
                self._approve(order, "Sales", user)
        self.assertEqual(order.review_state, "in_review")

    def test_who_submits_for_a_colleague_does_not_sign(self):
        self._create_step("Sales", reviewer_ids=self.sales_manager.ids)
        order = self._create_order()
        order.with_user(self.sales_manager).action_request_review()
        self.assertNotIn(self.sales_manager, self._candidates(order, "Sales"))
        self.assertEqual(self._candidates(order, "Sales"), self.process_manager)

    def test_own_orders_where_the_step_allows_it(self):
        self._create_step("Sales", reviewer_ids=self.salesperson.ids, allow_requester=True)
        order = self._create_order()
        order.action_request_review()
        self._approve(order, "Sales", self.salesperson)
        self.assertEqual(order.review_state, "approved")

    def test_nobody_signs_for_two_departments(self):
        both = (self.finance_user | self.production_user).ids
        self._create_step("Finance", reviewer_ids=both)
        self._create_step("Production", reviewer_ids=both)
        order = self._create_order()
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "signed it for another department"):
            self._approve(order, "Production", self.finance_user)
        self._approve(order, "Production", self.production_user)
        self.assertEqual(order.review_state, "approved")

    def test_fallback_climbs_to_managers(self):
        boss = self._create_user("opc_boss", self._group("reviewer"))
        parent = self._create_department("Plant", boss)
        parent.manager_id = parent.member_ids
        empty = self._create_department("Empty", self.env["res.users"], parent_id=parent.id)
        self._create_step("Empty", empty)
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Empty"), boss)
        self._approve(order, "Empty", boss)
        self.assertEqual(self._signoff(order, "Empty").vote_ids.entitlement, "department_manager")

    def test_fallback_ends_at_the_process_managers(self):
        self._create_step("Nobody")
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Nobody"), self.process_manager)
        self.company.order_process_manager_id = False
        self.env.invalidate_all()
        self.assertIn(self.process_manager, self._candidates(order, "Nobody"))
        self._approve(order, "Nobody", self.process_manager)
        self.assertEqual(order.review_state, "approved")

    def test_list_of_own_signoffs(self):
        self._create_step("Finance", self.finance, 10)
        self._create_step("Production", self.production, 20)
        order = self._create_order()
        order.action_request_review()

        def mine(user):
            return (
                self.env["order.signoff"]
                .with_user(user)
                .search([("can_decide", "=", True), ("order_id", "=", order.id)])
            )

        self.assertEqual(mine(self.finance_user).name, "Finance")
        self.assertFalse(mine(self.production_user))
        self._approve(order, "Finance", self.finance_user)
        self.assertFalse(mine(self.finance_user))
        self.assertEqual(mine(self.production_user).name, "Production")

    def test_other_company_does_not_sign(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_stranger", self._group("reviewer"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self._create_step("Finance", reviewer_ids=(stranger | self.finance_user).ids)
        order = self._create_order()
        order.action_request_review()
        self.assertEqual(self._candidates(order, "Finance"), self.finance_user)
