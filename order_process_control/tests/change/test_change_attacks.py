from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeAttacks(ChangeCommon):
    """Changes: what was found by attacking them."""

    def test_line_of_a_change_from_the_context(self):
        change = self._create_change()
        lines = self.env["order.change.line"].with_user(self.sales_manager)
        lines.with_context(default_change_id=change.id).create({"product_id": self.service.id})
        self.assertIn(self.sales_manager, change.sudo().editor_ids)
        change.action_submit()
        lines = lines.with_user(self.salesperson)
        with self.assertRaises(UserError):
            lines.with_context(default_change_id=change.id).create({"product_id": self.service.id})

    def test_change_of_a_quotation_from_the_context(self):
        quotation = self._create_order()
        changes = self.env["order.change"].with_user(self.salesperson)
        with self.assertRaises(UserError):
            changes.with_context(default_order_id=quotation.id).create({"reason": "x"})

    def test_new_line_while_stock_is_replenished(self):
        """Odoo replenishes in a savepoint, which recomputes in the transaction's own env."""
        self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.product.id, "product_min_qty": 500, "product_max_qty": 900}
        )
        change = self._submit(lines={None: [{"product_id": self.product.id, "price_unit": 9}]})
        self._sign_all(change)
        self.assertEqual(change.state, "applied")

    def test_no_or_several_records(self):
        changes, order = self.env["order.change"], self._create_order()
        for method in (
            order.browse().action_view_changes,
            (order | self._create_order()).action_request_change,
            order.browse([0]).action_view_changes,
            changes.action_open_answer,
            changes.browse([0]).action_withdraw,
            changes.browse([0]).action_apply,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                method()

    def test_ledger_of_a_change_with_a_new_line_is_intact(self):
        change = self._submit(lines={None: [{"product_id": self.product.id, "price_unit": 9}]})
        self._sign_all(change)
        self.assertEqual(change.state, "applied")
        self.env.invalidate_all()
        notice = self.order.sudo().action_verify_ledger()["params"]
        self.assertEqual(notice["type"], "success", notice["message"])
        review = change.sudo().review_id
        review.content = {**review.content, "dates": {"order": {}, "lines": {}}}
        self.env.flush_all()
        self.env.invalidate_all()
        notice = self.order.sudo().action_verify_ledger()["params"]
        self.assertEqual(notice["type"], "danger")
