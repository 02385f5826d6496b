from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import OrderProcessCommon
from .test_invariant_http import TestInvariantHttp as Wire


@tagged("post_install", "-at_install")
class TestAttacksMore(OrderProcessCommon, HttpCase):
    """Ways around the gate that were found over the wire, each closed for good."""

    _rpc = Wire._rpc
    _assertRefused = Wire._assertRefused

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step(
            "Sales",
            reviewer_ids=cls.sales_manager.ids,
            condition_domain="[('amount_untaxed', '>=', 1000)]",
        )
        # Signs, and has rights in Sales
        cls.sales_manager.group_ids += cls.env.ref("order_process_control.group_order_reviewer")

    def setUp(self):
        super().setUp()
        self.authenticate("opc_sales", "opc_sales")

    def _confirmed(self, **vals):
        order = self._create_order(**vals)
        order.action_confirm()
        self.env.flush_all()
        return order

    def _released(self, **vals):
        order = self._create_order(lines=[(self.product, 20)], **vals)
        order.action_request_review()
        self._approve(order, "Sales", self.sales_manager)
        return order

    # === CONFIRMED ORDERS ===#

    def test_line_of_an_order_from_the_context(self):
        order = self._confirmed()
        vals = {"product_id": self.product.id, "product_uom_qty": 500}
        self._assertRefused(
            "sale.order.line", "create", [vals], context={"default_order_id": order.id}
        )
        self.assertEqual(order.amount_untaxed, 200)

    def test_who_adds_a_line_by_a_default_does_not_sign(self):
        order = self._create_order(lines=[(self.product, 20)])
        self.env["ir.default"].with_user(self.sales_manager).set(
            "sale.order.line", "order_id", order.id, user_id=True
        )
        self.env["sale.order.line"].with_user(self.sales_manager).create(
            {"product_id": self.product.id}
        )
        self.assertEqual(order.sudo().content_editor_ids, self.sales_manager)

    def test_lines_of_others_in_the_commands_of_a_new_order(self):
        small, released = self._confirmed(), self._released()
        released.action_confirm()
        self.env.flush_all()
        for order, command in (
            (small, Command.update(small.order_line.id, {"product_uom_qty": 500})),
            (released, Command.update(released.order_line.id, {"price_unit": 1})),
            (released, Command.link(released.order_line.id)),
        ):
            before = order.amount_untaxed
            self._assertRefused(
                "sale.order",
                "create",
                [{"partner_id": self.customer.id, "order_line": [command]}],
            )
            self.assertEqual((order.amount_untaxed, len(order.order_line)), (before, 1))

    def test_custom_value_written_directly(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Width", "create_variant": "no_variant"}
        )
        value = self.env["product.attribute.value"].create(
            {"name": "Custom", "attribute_id": attribute.id, "is_custom": True}
        )
        line = self.env["product.template.attribute.line"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "attribute_id": attribute.id,
                "value_ids": value.ids,
            }
        )
        vals = {
            "custom_product_template_attribute_value_id": line.product_template_value_ids.id,
            "custom_value": "2 m",
        }
        order = self._create_order()
        order.order_line.write(
            {"product_uom_qty": 20, "product_custom_attribute_value_ids": [Command.create(vals)]}
        )
        custom = order.order_line.product_custom_attribute_value_ids
        order.action_request_review()
        custom.with_user(self.salesperson).custom_value = "3 m"
        self.assertEqual(order.review_state, "outdated")
        order.action_request_review()
        self._approve(order, "Sales", self.sales_manager)
        order.action_confirm()
        self.env.flush_all()
        self._assertRefused(custom._name, "write", custom.ids, {"custom_value": "200 m"})
        self._assertRefused(custom._name, "unlink", custom.ids)
        new = {**vals, "sale_order_line_id": order.order_line.id}
        self._assertRefused(custom._name, "create", [new])

    def test_repair_pointed_at_any_line(self):
        order = self._released()
        order.action_confirm()
        warehouse = self._create_user("opc_repairer", "stock.group_stock_user")
        vals = {"product_id": self.product.id, "sale_order_id": order.id}
        repair = self.env["repair.order"].with_user(warehouse)
        repair = repair.create({**vals, "sale_order_line_id": order.order_line.id})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            repair.action_repair_cancel()
        self.assertEqual(order.order_line.product_uom_qty, 20)

    def test_nobody_is_barred_by_a_default(self):
        order = self.env["sale.order"].with_user(self.salesperson)
        everybody = [Command.set(self.env["res.users"].search([]).ids)]
        order = order.with_context(default_content_editor_ids=everybody)
        order = order.create({"partner_id": self.customer.id})
        self.assertFalse(order.sudo().content_editor_ids)

    # === WHAT ANSWERS WITH A SENTENCE ===#

    def test_no_or_several_records(self):
        signoffs = self.env["order.signoff"]
        for method in (
            self.env["order.process.request"].action_run,
            self.env["order.process.result.line"].action_open,
            signoffs.browse([0]).action_open_decision,
            signoffs.browse([0]).action_undo,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                method()
        for method in ("action_ask", "action_approve"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                getattr(signoffs.browse([0]), method)("x")

    # === LIMITS ===#

    def test_small_orders_confirmed_in_one_call(self):
        self.company.order_split_days = 3
        for method, *args in (("action_confirm",), ("write", {"state": "sale"})):
            orders = self._create_order(lines=[(self.product, 6)])
            orders |= self._create_order(lines=[(self.product, 6)])
            self.env.flush_all()
            self._assertRefused("sale.order", method, orders.ids, *args)
            self.assertEqual(set(orders.mapped("state")), {"draft"})
        results = orders.action_confirm_released()
        self.assertEqual([result["done"] for result in results], [True, False])

    def test_the_days_that_count_are_not_the_salespersons(self):
        self.company.order_split_days = 3
        small = [Command.create({"product_id": self.product.id, "product_uom_qty": 6})]
        first = self._confirmed(order_line=small)
        self._assertRefused("sale.order", "write", first.ids, {"date_order": "2020-01-01"})
        self._rpc("sale.order", "write", first.ids, {"currency_rate": 1e9})
        second = self._create_order(order_line=small)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            second.action_confirm()
        first.sudo()._action_cancel()
        second.write({"state": "sale", "date_order": "2020-01-01"})
        self.assertGreaterEqual(second.date_order, self.env.cr.now().replace(microsecond=0))
        order = self._create_order
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order(order_line=small, state="sale", date_order="2020-01-01").flush_recordset()

    # === WHAT IS RELEASED ===#

    def test_released_in_another_company(self):
        other = self.env["res.company"].create({"name": "Without Steps"})
        self.step.company_id = self.company
        self.salesperson.company_ids += other
        order = self._released()
        order = order.with_context(allowed_company_ids=(self.company | other).ids)
        order.write({"company_id": other.id, "order_line": [Command.clear()]})
        self.assertFalse(order.sudo().release_id)
        self.assertEqual(order.sudo().review_ids.mapped("is_void"), [True])
        moved = self._create_order(lines=[(self.service, 100)])
        moved = moved.with_context(allowed_company_ids=(self.company | other).ids)
        moved.company_id = other
        moved.action_confirm()
        with self.assertRaises(UserError):
            moved.company_id = self.company

    def test_pickup_point_after_release(self):
        order = self._released()
        order.pickup_location_data = {"name": "Elsewhere", "street": "9", "city": "Nowhere"}
        self.assertFalse(order.sudo().release_id)
        with self.assertRaises(UserError):
            order.action_confirm()

    # === BELLS ===#

    def test_activities_of_signoffs_are_the_process_own(self):
        order = self._create_order(lines=[(self.product, 20)])
        order.action_request_review()
        signoff = self._signoff(order, "Sales")
        bell = signoff.sudo().activity_ids.with_user(self.sales_manager)
        for vals in ({"res_model": "res.partner"}, {"res_model": "res.partner", "res_id": 1}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                bell.write(vals)
        own = (
            self.env["mail.activity"]
            .with_user(self.production_user)
            .create({"summary": "Mine", "user_id": self.production_user.id})
        )
        model = self.env["ir.model"]._get("order.signoff")
        for vals in (
            {"res_model_id": model.id, "res_id": signoff.id},
            {"res_model": "order.signoff", "res_id": signoff.id},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.write(vals)
        with self.assertRaises(AccessError):
            order.with_user(self.production_user).read(["name"])
