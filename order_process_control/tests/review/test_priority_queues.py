from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...models.order.process_token import as_process
from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestPriorityQueues(OrderProcessCommon):
    """Approved priority first, then the time at which the order was created (R-176)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance, reviewer_ids=cls.finance_user.ids)
        cls.orders = cls.env["sale.order"]
        for days in (1, 3, 2):
            order = cls._create_order()
            created = fields.Datetime.now() - timedelta(days=days)
            cls.env.cr.execute(
                "UPDATE sale_order SET create_date = %s WHERE id = %s", (created, order.id)
            )
            order.invalidate_recordset(["create_date"])
            cls.orders |= order
        cls.orders.action_request_review()
        cls.yesterday, cls.oldest, cls.middle = cls.orders

    def _read_queue(self, action_name, view_type):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"order_process_control.{action_name}"
        )
        model = self.env[action["res_model"]].with_user(self.finance_user)
        view_id = next((id_ for id_, kind in action["views"] if kind == view_type), False)
        arch = self.env[action["res_model"]].get_view(view_id, view_type)["arch"]
        order = arch.partition('default_order="')[2].partition('"')[0]
        self.assertTrue(order)
        domain = [("id" if model._name == "sale.order" else "order_id", "in", self.orders.ids)]
        found = model.sudo().search(domain, order=order)
        return found if model._name == "sale.order" else found.order_id

    def test_every_queue(self):
        as_process(self.yesterday).write({"priority": "1"})
        expected = self.yesterday | self.oldest | self.middle
        for action in (
            "order_signoff_action_mine",
            "order_signoff_action",
            "sale_order_action_process",
        ):
            for view_type in ("list", "kanban"):
                with self.subTest(action=action, view=view_type):
                    self.assertEqual(self._read_queue(action, view_type), expected)

    def test_daily_mail(self):
        as_process(self.middle).write({"priority": "1"})
        self.company.order_digest_mail = True
        due = self.env["order.signoff.digest"]._get_due()[self.finance_user]
        ours = due.filtered(lambda signoff: signoff.order_id in self.orders)
        self.assertEqual(ours.order_id, self.middle | self.oldest | self.yesterday)

    def test_decided_signoffs_stay_as_they_were(self):
        self._approve(self.middle, "Finance", self.finance_user)
        as_process(self.orders).write({"priority": "1"})
        self.assertEqual(self._signoff(self.middle, "Finance").priority, "0")
        self.assertEqual(self._signoff(self.oldest, "Finance").priority, "1")

    def test_constant_queries(self):
        self.env.flush_all()
        counts = []
        for orders in (self.oldest, self.orders):
            as_process(self.orders).write({"priority": "0"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            as_process(orders).write({"priority": "1"})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
