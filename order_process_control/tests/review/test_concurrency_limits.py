from odoo.tests import tagged
from odoo.tools import mute_logger

from .parallel import ParallelCase


@tagged("post_install", "-at_install")
class TestConcurrencyLimits(ParallelCase):
    """Two small orders of one customer, confirmed at the same moment, are one large order."""

    def _set_up(self, env):
        step = env["order.review.step"].create(
            {"name": "Large", "condition_domain": "[('amount_untaxed', '>=', 150)]"}
        )
        self.step_ids = step.ids
        groups = "sales_team.group_sale_salesman_all_leads"
        self.user_ids = [self._create_user(env, f"opc_at_once_{n}", groups).id for n in range(2)]
        env.company.order_split_days = 3
        self._create_orders(env, 2)

    @mute_logger("odoo.sql_db", "odoo.service.model", "odoo.http")
    def test_confirmed_at_once(self):
        def confirm(order_id):
            def method(env):
                env["sale.order"].browse(order_id).action_confirm_released()
                return True

            return method

        self._run_together(*zip(self.user_ids, map(confirm, self.order_ids), strict=True))

        def check(env):
            orders = env["sale.order"].browse(self.order_ids)
            self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])

        self._as_root(check)
