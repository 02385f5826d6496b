from odoo.tests import tagged
from odoo.tools import SQL

from .. import hooks
from .common import OrderProcessCommon

ADDON = hooks.ADDON


@tagged("post_install", "-at_install")
class TestHooks(OrderProcessCommon):
    """What a live database goes through when the addon comes up to date or leaves."""

    def test_rules_come_with_every_version(self):
        """A protected record rule would stay as it was when the code around it has changed."""
        rules = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.rule")]
        )
        self.assertTrue(rules)
        self.assertFalse(rules.filtered("noupdate").mapped("name"))

    def test_own_tables(self):
        tables = hooks._get_own_tables(self.env)
        self.assertIn("order_ticket_line", tables)
        self.assertIn("order_class", tables)
        others = {"sale_order", "res_partner", "utm_medium", "product_template", "hr_department"}
        self.assertFalse(others & set(tables))

    def test_uninstall_empties_ours_alone(self):
        order = self._create_order()
        self._create_step("Finance", self.finance)
        order.action_request_review()
        self.env.flush_all()
        before = self._count("sale_order", "sale_order_line", "res_partner", "account_move")
        tables = hooks._get_own_tables(self.env)
        hooks.uninstall_hook(self.env)
        self.assertEqual(
            self._count("sale_order", "sale_order_line", "res_partner", "account_move"), before
        )
        self.assertFalse(any(self._count(*tables).values()))
        # Of a table of Odoo's only the reference is gone
        [(review_id, exempt)] = self.env.execute_query(
            SQL("SELECT current_review_id, release_exempt FROM sale_order WHERE id = %s", order.id)
        )
        self.assertFalse(review_id)
        self.assertTrue(exempt)

    def _count(self, *tables):
        return {
            table: self.env.execute_query(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))[0][
                0
            ]
            for table in tables
        }
