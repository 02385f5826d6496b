from odoo.fields import Command
from odoo.tests import tagged

from ..review.test_confirmed_flows import ConfirmedFlowsCommon
from .common import MoreAppsMixin


@tagged("post_install", "-at_install")
class TestConfirmedExpense(MoreAppsMixin, ConfirmedFlowsCommon):
    """An employee's expense is reinvoiced on a confirmed order."""

    apps = ("sale_expense",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.toll = cls.env["product.product"].create(
            {
                "name": "Toll",
                "type": "service",
                "standard_price": 40.0,
                "expense_policy": "cost",
                "invoice_policy": "delivery",
                "can_be_expensed": True,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )

    def test_expense(self):
        employee = self.env["hr.employee"].create(
            {"name": "Driver", "user_id": self.salesperson.id, "work_email": "driver@example.com"}
        )
        order = self._create_confirmed()
        expense = self.env["hr.expense"].create(
            {
                "name": "Toll",
                "employee_id": employee.id,
                "product_id": self.toll.id,
                "quantity": 1,
                "total_amount": 40,
                "sale_order_id": order.id,
                "payment_mode": "company_account",
                "tax_ids": [Command.clear()],
            }
        )
        with self.assertSameContent(order):
            expense.action_submit()
            expense.action_approve()
            expense.action_post()
            cost = order.order_line.filtered("is_expense")
            self.assertEqual(cost.process_origin, "expense")
            self.assertEqual(cost.price_subtotal, 40)
        with self.assertSameContent(order):
            expense.account_move_id.button_draft()
        self.assertEqual((cost.process_origin, cost.product_uom_qty), ("expense", 0))
