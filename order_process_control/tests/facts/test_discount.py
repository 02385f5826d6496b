from odoo.fields import Command
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestDiscount(CommerceCommon):
    def _judge(self, order, threshold=0.0):
        return self._fact("discount", order, threshold)

    def test_discount_of_a_line(self):
        order = self._create_order(lines=[(self.product, 1), (self.service, 1)])
        self._assert_fact(self._judge(order), "pass", "No discount.")
        order.order_line[0].discount = 12.5
        self._assert_fact(self._judge(order), "fail", "12.5 % > 0 %", "Desk 12.5 %")
        self._assert_fact(self._judge(order, 12.5), "pass", "12.5 % ≤ 12.5 %")

    def test_discount_of_the_order(self):
        order = self._create_order(lines=[(self.product, 10)])
        wizard = self.env["sale.order.discount"].with_user(self.sales_manager)
        self.company.sale_discount_product_id = self.service
        wizard.create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self._assert_fact(self._judge(order, 5), "fail", "10 % > 5 %", "10 % of it on the whole")
        self._assert_fact(self._judge(order, 10), "pass")

    def test_both_together(self):
        order = self._create_order(lines=[(self.product, 10)])
        order.order_line.discount = 10
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": -90, "name": "Rebate"})
        ]
        self._assert_fact(self._judge(order, 15), "fail", "19 % > 15 %")

    def test_only_discounts(self):
        order = self._create_order(lines=[(self.service, 1)])
        order.order_line.price_unit = -10
        self._assert_fact(self._judge(order, 50), "fail", "100 %")

    def test_an_approved_gift_does_not_count(self):
        order = self._create_order(lines=[(self.product, 1), (self.product, 1)])
        order.order_line[1].write({"discount": 100, "is_gift": True})
        self._assert_fact(self._judge(order, 10), "fail", "100 %")
        order.with_user(self.sales_manager).action_approve_gifts()
        self._assert_fact(self._judge(order, 10), "pass", "No discount.")
