from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_fast_path import FastPathCommon


@tagged("post_install", "-at_install")
class TestShippingNotice(FastPathCommon):
    """The salesperson signs, the warehouse confirms, then it is shipped (R-078, R-483)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("opc_keeper", "stock.group_stock_user")

    def _confirmed(self, **vals):
        order = self._create_order(**vals)
        order.action_confirm()
        return order, order.sudo().picking_ids

    def _sign(self, order, user=None):
        self.env.invalidate_all()
        return order.with_user(user or self.salesperson).action_sign_shipping_notice()

    def _ship(self, picking, quantity=None):
        """Validate as the warehouse does; everything unless said otherwise."""
        picking = picking.with_user(self.keeper)
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        return picking.button_validate()

    # === SIGNING ===#

    def test_signed_by_the_salesperson_and_logged(self):
        order, _picking = self._confirmed()
        self.assertEqual(order.shipping_notice_state, "to_sign")
        self.assertTrue(order.can_sign_shipping_notice)
        self._sign(order)
        self.assertRecordValues(
            order,
            [
                {
                    "shipping_notice_signed_by": self.salesperson.id,
                    "shipping_notice_state": "signed",
                    "can_sign_shipping_notice": False,
                }
            ],
        )
        self.assertTrue(order.shipping_notice_signed_at)
        self.assertEqual(self._kinds(order).count("notice_signed"), 1)
        self._sign(order, self.sales_manager)
        self.assertEqual(order.shipping_notice_signed_by, self.salesperson)
        self._assert_ledger_intact(order)

    def test_the_sales_manager_may_others_may_not(self):
        order, _picking = self._confirmed()
        for user in (
            self.other_salesperson,
            self.finance_user,
            self.auditor,
            self.keeper,
            self.process_manager,
            self.employee,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._sign(order, user)
        # Nor the machine: a signature is that of a person
        with self.assertRaisesRegex(AccessError, "signed by its salesperson"):
            order.with_user(self.other_salesperson).sudo().action_sign_shipping_notice()
        self.assertFalse(order.shipping_notice_signed_by)
        self._sign(order, self.sales_manager)
        self.assertEqual(order.shipping_notice_signed_by, self.sales_manager)

    def test_only_what_is_released_or_confirmed(self):
        self._create_step("Finance", self.finance, allow_fast_path=False)
        order = self._create_order()
        with self.assertRaisesRegex(UserError, "released or confirmed"):
            self._sign(order)
        order.action_request_review()
        with self.assertRaisesRegex(UserError, "released or confirmed"):
            self._sign(order)
        self._approve(order, "Finance", self.finance_user)
        self._sign(order)
        order.action_confirm()
        self.assertEqual(order.shipping_notice_state, "signed")
        order.action_cancel()
        self.assertFalse(order.shipping_notice_signed_by)
        with self.assertRaisesRegex(UserError, "released or confirmed"):
            self._sign(order)

    def test_a_later_change_voids_it(self):
        order, picking = self._confirmed()
        self._sign(order)
        order.order_line.product_uom_qty = 1
        self.env.invalidate_all()
        self.assertEqual(order.shipping_notice_state, "outdated")
        with self.assertRaisesRegex(UserError, "changed after it was signed. opc_sales has"):
            self._ship(picking)
        self._sign(order)
        self._ship(picking)
        self.assertEqual(picking.state, "done")

    def test_nobody_writes_signatures(self):
        order, picking = self._confirmed()
        for name in (
            "shipping_notice_signed_by",
            "shipping_notice_signed_at",
            "shipping_notice_fingerprint",
        ):
            value = {"shipping_notice_signed_by": self.salesperson.id}.get(name, "2026-01-01")
            for user in (self.salesperson, self.sales_manager, self.process_manager):
                with self.assertRaises(AccessError):
                    order.with_user(user).write({name: value})
        manager = self._create_user("opc_stock_mgr", "stock.group_stock_manager")
        for user in (self.keeper, manager):
            with self.assertRaises(AccessError):
                picking.with_user(user).notice_confirmed_by = user
            with self.assertRaises(AccessError):
                picking.with_user(user).write({"notice_fingerprint": "x"})
            with self.assertRaises(AccessError):
                picking.with_user(user).create(
                    {
                        "picking_type_id": picking.picking_type_id.id,
                        "notice_confirmed_by": user.id,
                    }
                )
        forged = (
            picking.with_user(manager)
            .with_context(default_notice_confirmed_by=manager.id, default_notice_fingerprint="x")
            .copy()
        )
        self.assertFalse(forged.notice_confirmed_by or forged.notice_fingerprint)

    # === CONFIRMING ===#

    def test_the_warehouse_confirms(self):
        order, picking = self._confirmed()
        with self.assertRaisesRegex(UserError, "opc_sales has to sign it first"):
            picking.with_user(self.keeper).action_confirm_shipping_notice()
        self._sign(order)
        self.assertEqual(picking.shipping_notice_state, "to_confirm")
        for user in (self.salesperson, self.finance_user, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                picking.with_user(user).action_confirm_shipping_notice()
        picking.with_user(self.keeper).action_confirm_shipping_notice()
        self.assertRecordValues(
            picking,
            [{"notice_confirmed_by": self.keeper.id, "shipping_notice_state": "confirmed"}],
        )
        self.assertEqual(self._kinds(order)[-1], "notice_confirmed")
        self._assert_ledger_intact(order)

    def test_what_sales_signs_anew_is_confirmed_anew(self):
        order, picking = self._confirmed()
        self._sign(order)
        picking.with_user(self.keeper).action_confirm_shipping_notice()
        order.order_line.product_uom_qty = 1
        self._sign(order)
        self.assertEqual(picking.shipping_notice_state, "to_confirm")
        other = self._create_user("opc_keeper2", "stock.group_stock_user")
        picking.with_user(other).action_confirm_shipping_notice()
        self.assertEqual(picking.notice_confirmed_by, other)

    def test_only_deliveries_have_a_notice(self):
        receipt = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.in_type_id.id}
        )
        self.assertFalse(receipt.shipping_notice_state)
        with self.assertRaisesRegex(UserError, "only a delivery of a sales order"):
            receipt.with_user(self.keeper).action_confirm_shipping_notice()

    # === SHIPPING ===#

    def test_not_shipped_before_it_is_signed(self):
        order, picking = self._confirmed()
        self.assertIn("opc_sales has to sign it first", picking.shipping_notice_demand)
        with self.assertRaisesRegex(UserError, "not signed yet. opc_sales has to sign it"):
            self._ship(picking)
        # Nor by the way of the moves, whoever takes it
        with self.assertRaisesRegex(UserError, "not signed yet"):
            picking.move_ids._action_done()
        self._sign(order)
        self.assertFalse(picking.shipping_notice_demand)
        self._ship(picking)
        self.assertRecordValues(
            picking,
            [
                {
                    "state": "done",
                    "notice_confirmed_by": self.keeper.id,
                    "shipping_notice_state": "confirmed",
                }
            ],
        )
        self.assertEqual(self._kinds(order)[-2:], ["notice_signed", "notice_confirmed"])
        self._assert_ledger_intact(order)

    def test_a_former_confirmation_stays(self):
        order, picking = self._confirmed()
        self._sign(order)
        picking.with_user(self.keeper).action_confirm_shipping_notice()
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        other = self._create_user("opc_keeper2", "stock.group_stock_user")
        picking.with_user(other).button_validate()
        self.assertEqual(picking.notice_confirmed_by, self.keeper)
        self.assertEqual(self._kinds(order).count("notice_confirmed"), 1)

    def test_backorders_go_on_as_ever(self):
        order, picking = self._confirmed()
        self._sign(order)
        action = self._ship(picking, quantity=1)
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        Form.from_action(self.env(user=self.keeper), action).save().process()
        self.assertEqual(picking.state, "done")
        backorder = order.sudo().picking_ids - picking
        self.assertEqual(picking.notice_confirmed_by, self.keeper)
        self.assertFalse(backorder.notice_confirmed_by)
        self.assertEqual(backorder.shipping_notice_state, "to_confirm")
        self._ship(backorder)
        self.assertEqual(backorder.notice_confirmed_by, self.keeper)

    def test_only_the_last_leg_waits_and_returns_do_not(self):
        self.warehouse.delivery_steps = "pick_ship"
        order, pick = self._confirmed()
        self._ship(pick)
        self.assertEqual(pick.state, "done")
        self.assertFalse(pick.notice_confirmed_by)
        out = order.sudo().picking_ids - pick
        with self.assertRaisesRegex(UserError, "not signed yet"):
            self._ship(out)
        self._sign(order)
        self._ship(out)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=out.id, active_ids=out.ids)
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._ship(returned)
        self.assertEqual(returned.state, "done")
        self.assertFalse(returned.notice_confirmed_by)

    def test_other_orders_are_shipped_as_ever(self):
        order, picking = self._confirmed(lines=[(self.product, 2), (self.service, 1)])
        self.assertFalse(order.is_fast_path)
        self._ship(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.notice_confirmed_by)
        self.assertNotIn("notice_confirmed", self._kinds(order))

    def test_who_sees_what(self):
        order, picking = self._confirmed()
        portal = self.env["res.users"].create(
            {
                "name": "Customer",
                "login": "opc_portal_notice",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                "partner_id": self.env["res.partner"]
                .create({"name": "Buyer", "parent_id": self.customer.id})
                .id,
            }
        )
        for name in ("shipping_notice_state", "shipping_notice_signed_by", "fast_path_evidence"):
            with self.assertRaises(AccessError):
                order.with_user(portal).read([name])
        for name in ("notice_confirmed_by", "shipping_notice_state", "shipping_notice_demand"):
            with self.assertRaises(AccessError):
                picking.with_user(portal).read([name])
        for user in (portal, self.finance_user):
            with self.assertRaises(AccessError):
                order.with_user(user).action_sign_shipping_notice()
            with self.assertRaises(AccessError):
                picking.with_user(user).action_confirm_shipping_notice()
