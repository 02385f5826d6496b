from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestConfirmedContent(OrderProcessCommon):
    """What was promised to the customer is changed by a change request, by nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step(
            "Finance", cls.finance, condition_domain="[('amount_untaxed', '>', 150)]"
        )
        cls.other_address = cls.env["res.partner"].create(
            {"name": "Elsewhere", "parent_id": cls.customer.id, "type": "other"}
        )

    def _confirm(self, quantity):
        order = self._create_order(lines=[(self.product, quantity)])
        if quantity > 1:
            order.action_request_review()
            self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        return order

    def _get_edits(self, order):
        line, product = order.order_line, self.service
        return (
            lambda: line.write({"product_uom_qty": 9}),
            lambda: line.write({"price_unit": 1}),
            lambda: line.write({"discount": 50}),
            lambda: order.write({"order_line": [Command.update(line.id, {"price_unit": 180})]}),
            lambda: line.create({"order_id": order.id, "product_id": product.id}),
            lambda: order.write({"commitment_date": order.commitment_date + timedelta(days=3)}),
            lambda: order.write({"partner_shipping_id": self.other_address.id}),
            lambda: order.write({"user_id": self.other_salesperson.id}),
        )

    def test_what_was_released_is_not_edited(self):
        order = self._confirm(2)
        for user in (self.salesperson, self.sales_manager, self.env.user):
            for edit in self._get_edits(order.with_user(user)):
                with (
                    self.assertRaisesRegex(UserError, "Request a Change"),
                    self.cr.savepoint(),
                ):
                    edit()
        self.assertEqual(order.amount_untaxed, 200)

    def test_what_needed_no_review_may_not_come_to_need_one(self):
        order = self._confirm(1)
        order.order_line.price_unit = 140
        order.order_line.product_uom_qty = 1
        for vals in ({"price_unit": 160}, {"product_uom_qty": 2}):
            with self.assertRaisesRegex(UserError, "Request a Change"), self.cr.savepoint():
                order.order_line.write(vals)
        self.assertEqual(order.amount_untaxed, 140)
