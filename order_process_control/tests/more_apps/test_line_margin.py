from odoo.tests import tagged

from ..facts.commerce import CommerceCommon
from .common import MoreAppsMixin


@tagged("post_install", "-at_install")
class TestLineMargin(MoreAppsMixin, CommerceCommon):
    """With ``sale_margin`` each line has a cost of its own, which who sells may write."""

    apps = ("sale_margin",)

    def test_a_lower_cost_written_on_the_line_does_not_count(self):
        order = self._create_order()
        order.order_line.purchase_price = 1
        self._assert_fact(self._fact("margin", order), "pass", "cost 120.00 USD")
        order.order_line.purchase_price = 90
        self._assert_fact(self._fact("margin", order), "pass", "cost 180.00 USD")
