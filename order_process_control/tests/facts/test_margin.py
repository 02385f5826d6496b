from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestMargin(CommerceCommon):
    """Costs are those of products; with ``sale_margin`` those of lines, which come from them."""

    def _judge(self, order, threshold=0.0):
        return self._fact("margin", order, threshold)

    def test_margin(self):
        order = self._create_order()
        fact = self._judge(order, 40)
        self._assert_fact(
            fact, "pass", "200.00 USD − cost 120.00 USD = margin 80.00 USD (40 %) ≥ 40 %."
        )
        self._assert_fact(self._judge(order, 41), "fail", "(40 %) < 41 %")
        order.order_line.price_unit = 59
        self._assert_fact(self._judge(order), "fail", "margin -2.00 USD")

    def test_no_cost_known(self):
        self.product.standard_price = 0
        order = self._create_order()
        self._assert_fact(self._judge(order), "unknown", "no cost is known")

    def test_some_costs_known(self):
        free = self.env["product.product"].create({"name": "Lamp", "list_price": 100.0})
        order = self._create_order(lines=[(self.product, 1), (free, 1), (self.service, 1)])
        self._assert_fact(self._judge(order), "unknown", "no cost is known of Lamp")
        self._assert_fact(self._judge(order, 90), "fail")
        order.order_line[1].unlink()
        self._assert_fact(self._judge(order), "pass", "(60 %)")  # the service costs nothing

    def test_given_away(self):
        order = self._create_order()
        order.order_line.discount = 100
        self._assert_fact(self._judge(order), "fail", "-100 %")

    def test_currency_unit_and_company(self):
        order = self._create_order(pricelist_id=self.foreign_pricelist.id)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        fact = self._judge(order)
        self._assert_fact(fact, "pass", "9,600.00 OPX − cost 5,760.00 OPX", "(40 %)")
        other = self._create_other_company()
        self.product.with_company(other).standard_price = 99.0
        order = self._create_order(user=self.env.user, company_id=other.id)
        self._assert_fact(self._judge(order), "pass", "cost 198.00 USD")
