from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestGate(OrderProcessCommon):
    """No way into state ``sale`` around the review; nothing gated without a step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()
        cls.payment_term = cls.env["account.payment.term"].create({"name": "In a year"})

    def test_button_is_refused(self):
        with self.assertRaisesRegex(UserError, "has to be reviewed before it is confirmed"):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_write_is_refused_for_everyone(self):
        admin = self.env.ref("base.user_admin")
        for user in (self.salesperson, self.sales_manager, admin):
            with self.assertRaises(UserError):
                self.order.with_user(user).write({"state": "sale"})
        with self.assertRaises(UserError):
            self.order.sudo().write({"state": "sale"})
        self.assertEqual(self.order.state, "draft")

    def test_create_in_state_sale_is_refused(self):
        with self.assertRaisesRegex(UserError, "has to be reviewed"):
            self._create_order(state="sale")
        with self.assertRaisesRegex(UserError, "has to be reviewed"):
            self._create_order(user=self.sales_manager, state="sale", release_exempt=False)

    def test_default_in_context_is_refused(self):
        SaleOrder = self.env["sale.order"].with_user(self.salesperson)
        with self.assertRaises(UserError):
            SaleOrder.with_context(default_state="sale").create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
            )

    def test_default_stamp_in_context_is_ignored(self):
        SaleOrder = self.env["sale.order"].with_user(self.salesperson)
        order = SaleOrder.with_context(
            default_release_exempt=True, default_registered_at="2020-01-01 00:00:00"
        ).create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.assertFalse(order.release_exempt or order.registered_at)

    def test_import_in_state_sale_is_refused(self):
        result = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .load(
                ["partner_id", "state", "order_line/product_id"],
                [["Careful Customer", "sale", "Desk"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("has to be reviewed", result["messages"][0]["message"])

    def test_stamps_cannot_be_forged(self):
        other = self._create_order()
        other.action_request_review()
        self._approve(other, "Finance", self.finance_user)
        for vals in (
            {"release_exempt": True},
            {"release_id": other.release_id.id},
            {"current_review_id": other.current_review_id.id},
            {"release_reason": "because"},
            {"registered_at": "2020-01-01 00:00:00"},
        ):
            for user in (self.salesperson, self.sales_manager, self.process_manager):
                with self.assertRaises(AccessError):
                    self.order.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    self._create_order(user=user, **vals)

    def test_context_flag_is_not_the_token(self):
        for value in (True, "x", object()):
            with self.assertRaises(AccessError):
                self.order.with_context(order_process_token=value).write({"release_exempt": True})

    def test_cancel_and_back_is_refused(self):
        self.order.write({"state": "cancel"})
        with self.assertRaises(UserError):
            self.order.write({"state": "sale"})

    def test_release_of_other_content_is_refused(self):
        self.order.action_request_review()
        self._approve(self.order, "Finance", self.finance_user)
        for vals in (
            {"state": "sale", "partner_id": self.env.ref("base.main_partner").id},
            {"state": "sale", "payment_term_id": self.payment_term.id},
            {"state": "sale", "user_id": self.sales_manager.id},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.order.write(vals)
            self.order.invalidate_recordset()
            self.assertEqual(self.order.state, "draft")

    def test_lines_written_directly_are_noticed(self):
        self.order.action_request_review()
        self._approve(self.order, "Finance", self.finance_user)
        line = self.order.order_line
        line.write({"discount": 50})
        self.assertEqual(self.order.review_state, "outdated")
        line.write({"discount": 0})
        self.assertEqual(self.order.review_state, "approved")
        extra = line.create({"order_id": self.order.id, "product_id": self.service.id})
        self.assertEqual(self.order.review_state, "outdated")
        extra.unlink()
        self.assertEqual(self.order.review_state, "approved")

    def test_discount_dialog_is_noticed(self):
        self.order.action_request_review()
        self._approve(self.order, "Finance", self.finance_user)
        self.env["sale.order.discount"].with_user(self.salesperson).create(
            {
                "sale_order_id": self.order.id,
                "discount_type": "sol_discount",
                "discount_percentage": 0.9,
            }
        ).action_apply_discount()
        self.assertEqual(self.order.review_state, "outdated")
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_database_refuses_what_python_would_let_through(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "UPDATE sale_order SET state = 'sale' WHERE id = %s", [self.order.id]
            )

    def test_another_class_takes_no_step_away(self):
        special = self.env["order.class"].create(
            {
                "name": "Big",
                "sequence": 1,
                "match_domain": "[('amount_untaxed', '>=', 150)]",
            }
        )
        harmless = self.env["order.class"].create({"name": "Harmless"})
        self.step.class_ids = special
        self.order.class_id = harmless
        self.assertEqual(self.order.class_id, harmless)
        self.assertEqual(self.order.review_state, "to_submit")
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_another_class_may_add_a_step(self):
        by_hand = self.env["order.class"].create({"name": "Watched"})
        self.step.class_ids = by_hand
        self.assertEqual(self.order.review_state, "not_required")
        self.order.class_id = by_hand
        self.assertEqual(self.order.review_state, "to_submit")

    def test_without_step_confirms_as_in_plain_odoo(self):
        self.step.action_archive()
        self.assertEqual(self.order.review_state, "not_required")
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(self.order.release_exempt)
        self.assertTrue(self.order.picking_ids)
        created = self._create_order(user=self.sales_manager, state="sale")
        self.assertEqual(created.state, "sale")
        with self.assertRaisesRegex(UserError, "No department has to review"):
            self._create_order().action_request_review()

    def test_confirmed_order_is_not_judged_again(self):
        self.step.action_archive()
        self.order.action_confirm()
        self.step.action_unarchive()
        self.order.write({"state": "sale"})
        self.assertEqual(self.order.review_state, "not_required")

    def test_condition_decides_which_orders_are_gated(self):
        self.step.condition_domain = "[('amount_untaxed', '>', 1000)]"
        self.assertEqual(self.order.review_state, "not_required")
        self.order.order_line.product_uom_qty = 11
        self.assertEqual(self.order.review_state, "to_submit")

    def test_search_by_review_state(self):
        free = self._create_order(lines=[(self.service, 1)])
        self.step.condition_domain = f"[('order_line.product_id', '=', {self.product.id})]"
        rejected, approved = self._create_order(), self._create_order()
        (rejected | approved).action_request_review()
        self._reject(rejected, "Finance", self.finance_user)
        self._approve(approved, "Finance", self.finance_user)
        ours = self.order | free | rejected | approved
        for state, expected in (
            ("to_submit", self.order),
            ("not_required", free),
            ("rejected", rejected),
            ("approved", approved),
        ):
            found = self.env["sale.order"].search(
                [("review_state", "=", state), ("id", "in", ours.ids)]
            )
            self.assertEqual(found, expected, state)
        self.assertEqual(
            self.env["sale.order"].search(
                [("review_state", "!=", "rejected"), ("id", "in", ours.ids)]
            ),
            ours - rejected,
        )

    def test_splitting_under_a_limit(self):
        self._create_step("Large", self.finance, condition_domain="[('amount_untaxed', '>=', 300)]")
        self.env["order.review.step"].search([("name", "!=", "Large")]).action_archive()
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id, "type": "delivery"}
        )
        first = self._create_order()
        first.action_confirm()
        self.assertEqual((first.state, first.amount_untaxed), ("sale", 200))
        for user, partner in (
            (self.salesperson, self.customer),
            (self.other_salesperson, self.customer),
            (self.salesperson, branch),
        ):
            second = self._create_order(user=user, partner_id=partner.id)
            self.assertEqual(second.review_state, "to_submit")
            with self.assertRaisesRegex(UserError, "has to be reviewed"):
                second.action_confirm()
        stranger = self.env["res.partner"].create({"name": "Somebody else"})
        self._create_order(partner_id=stranger.id).action_confirm()
        # Long ago, it was another order
        first.sudo().date_order -= timedelta(days=self.company.order_split_days + 1)
        second.action_confirm()
        self.assertEqual(second.state, "sale")
