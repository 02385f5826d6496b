from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeApply(ChangeCommon):
    """What an agreed change makes of order, deliveries and purchases."""

    def _apply(self, order=None, **vals):
        # sudo: the salesperson may be changed as well
        change = self._submit(order, **vals).sudo()
        self._sign_all(change)
        self.assertEqual(change.state, "applied", change.message_ids.mapped("body"))
        return change

    def _deliver(self, order, quantity):
        picking = order.sudo().picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()

    def _assert_released_by(self, change, order=None):
        order = (order or self.order).sudo()
        self.assertEqual(order.release_id, change.review_id)
        self.assertEqual(order.current_review_id, change.review_id)
        self.assertFalse(order.release_exempt)
        self.assertTrue(order._has_content_of(order.release_id))
        self.assertFalse(order - order._filter_released())

    def test_more(self):
        change = self._apply(lines={self.line: {"product_uom_qty": 5}})
        self.assertEqual(self.line.product_uom_qty, 5)
        self.assertEqual(sum(self._moves(self.line).mapped("product_uom_qty")), 5)
        self._assert_released_by(change)
        self.assertEqual(self.order.amount_untaxed, 550)

    def test_less(self):
        change = self._apply(lines={self.line: {"product_uom_qty": 1}})
        self.assertEqual(sum(self._moves(self.line).mapped("product_uom_qty")), 1)
        self._assert_released_by(change)

    def test_less_and_later_at_once(self):
        self._apply(lines={self.line: {"product_uom_qty": 1}}, commitment_date=self._days(30))
        self.assertEqual(sum(self._moves(self.line).mapped("product_uom_qty")), 1)

    def test_removed_line_stays_with_quantity_zero(self):
        change = self._apply(lines={self.line: {"is_removed": True}})
        self.assertTrue(self.line.exists())
        self.assertEqual(self.line.product_uom_qty, 0)
        self.assertFalse(sum(self._moves(self.line).mapped("product_uom_qty")))
        self._assert_released_by(change)

    def test_new_line(self):
        change = self._apply(
            lines={
                None: [
                    {"product_id": self.product.id, "product_uom_qty": 4, "price_unit": 77},
                    {"product_id": self.service.id, "discount": 10},
                ]
            }
        )
        new = self.order.order_line[2:]
        self.assertRecordValues(
            new,
            [
                {"product_uom_qty": 4, "price_unit": 77, "discount": 0, "state": "sale"},
                {"product_uom_qty": 1, "price_unit": 50, "discount": 10, "state": "sale"},
            ],
        )
        self.assertEqual(sum(self._moves(new[0]).mapped("product_uom_qty")), 4)
        self._assert_released_by(change)
        # The next change knows the new line as well as the old ones
        later = self._submit(lines={new[0]: {"price_unit": 80}})
        self.assertEqual(self._states(later), {"Finance": "pending", "Production": "approved"})
        self.assertEqual([row["label"] for row in later._get_diff()], ["Unit Price", "Subtotal"])
        self._sign_all(later)
        self._assert_released_by(later)

    def test_promised_date_moves_the_deliveries(self):
        date = self._days(30)
        change = self._apply(commitment_date=date)
        move = self._moves(self.line)
        self.assertEqual(move.date_deadline, date)
        planned = date - timedelta(days=self.company.security_lead)
        self.assertEqual(move.date, planned)
        self.assertEqual(move.picking_id.scheduled_date, planned)
        self._assert_released_by(change)

    def test_promised_date_moves_every_leg(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._create_confirmed()
        moves = self._moves(order.order_line[0])
        before = {move: move.date for move in moves}
        date = order.commitment_date + timedelta(days=9)
        self._apply(order, commitment_date=date)
        for move in moves:
            self.assertEqual(
                move.date, before[move] + timedelta(days=9), move.location_dest_id.name
            )
            self.assertEqual(move.date_deadline, date)

    def test_address_moves_the_open_deliveries_only(self):
        self._deliver(self.order, 1)
        done = self.order.picking_ids.filtered(lambda p: p.state == "done")
        backorder = self.order.picking_ids - done
        self.assertTrue(backorder)
        address = self.env["res.partner"].create({"name": "Plant 2", "parent_id": self.customer.id})
        change = self._apply(partner_shipping_id=address.id)
        self.assertEqual(self.order.partner_shipping_id, address)
        self.assertEqual(backorder.partner_id, address)
        self.assertEqual(done.partner_id, self.customer)
        self.assertFalse(backorder.activity_ids, "nobody has to do by hand what was done")
        self._assert_released_by(change)

    def test_terms_and_salesperson(self):
        term = self.env.ref("account.account_payment_term_30days")
        change = self._apply(payment_term_id=term.id, user_id=self.other_salesperson.id)
        self.assertEqual(self.order.payment_term_id, term)
        self.assertEqual(self.order.sudo().user_id, self.other_salesperson)
        self._assert_released_by(change)

    def test_open_purchase_follows(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        self.service.seller_ids = [Command.create({"partner_id": vendor.id, "price": 20})]
        self.service.service_to_purchase = True
        order = self._create_confirmed()
        line = order.order_line[1]
        purchase_line = line.sudo().purchase_line_ids
        self.assertEqual(purchase_line.product_qty, 1)
        self._apply(order, lines={line: {"product_uom_qty": 3}})
        self.assertEqual(purchase_line.product_qty, 3)

    def test_not_below_what_is_delivered(self):
        self._deliver(self.order, 2)
        change = self._create_change(lines={self.line: {"product_uom_qty": 1}})
        with self.assertRaisesRegex(UserError, "2 Units are delivered or invoiced already"):
            change.action_submit()
        change.line_ids[0].write({"product_uom_qty": 2, "is_removed": True})
        with self.assertRaisesRegex(UserError, "delivered or invoiced already"):
            change.action_submit()

    def test_delivered_while_it_was_reviewed(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 1}})
        self._sign(change, "Finance", self.finance_user)
        self._deliver(self.order, 2)
        self._sign(change, "Production", self.production_user)
        self.assertEqual(change.state, "draft")
        self.assertEqual(self.line.product_uom_qty, 2)

    def test_invoiced_price_stays(self):
        self.line.qty_invoiced = 2
        change = self._create_change(lines={self.line: {"price_unit": 80}})
        with self.assertRaisesRegex(UserError, "invoiced already: its price stays"):
            change.action_submit()

    def test_locked_order_stays_locked(self):
        self.order.action_lock()
        change = self._apply(lines={self.line: {"product_uom_qty": 4}})
        self.assertTrue(self.order.locked)
        self.assertEqual(sum(self._moves(self.line).mapped("product_uom_qty")), 4)
        self._assert_released_by(change)

    def test_order_without_review_becomes_released(self):
        (self.step_finance | self.step_production).action_archive()
        order = self._create_order()
        order.action_confirm()
        self.assertTrue(order.release_exempt)
        change = self._submit(order, lines={order.order_line: {"product_uom_qty": 3}})
        self.assertEqual(change.state, "applied")
        self.assertFalse(change.review_id)
        self.assertTrue(order.release_exempt)
        self.assertFalse(order - order._filter_released())
        self.assertIn("change_applied", self._kinds(order))

        (self.step_finance | self.step_production).action_unarchive()
        change = self._submit(order, lines={order.order_line: {"product_uom_qty": 4}})
        self.assertEqual(self._states(change), {"Finance": "pending", "Production": "pending"})
        self._sign_all(change)
        self._assert_released_by(change, order)

    def test_failure_leaves_it_approved_to_be_applied_later(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        self._sign(change, "Finance", self.finance_user)
        lines = type(self.env["sale.order.line"])
        problem = UserError("No vendor for this product")
        with patch.object(lines, "_action_launch_stock_rule", side_effect=problem):
            # The simulation goes without procurement
            with patch.object(type(change), "_get_drift", return_value=False):
                self._sign(change, "Production", self.production_user)
        self.assertEqual(change.review_id.state, "approved")
        self.assertEqual(change.state, "approved")
        self.assertEqual(self.line.product_uom_qty, 2)
        self.assertEqual(self._tasks(change), ["Change not Applied"])
        self.assertIn("No vendor", change.message_ids[0].body)
        self.assertNotEqual(self.order.release_id, change.review_id)
        change.action_apply()
        self.assertEqual(change.state, "applied")
        self.assertFalse(self._tasks(change))
        self._assert_released_by(change)

    @mute_logger("odoo.addons.order_process_control.models.change.order_change_apply")
    def test_technical_failure_is_not_shown(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        self._sign(change, "Finance", self.finance_user)
        with patch.object(type(change), "_check_result", side_effect=KeyError("secret")):
            self._sign(change, "Production", self.production_user)
        self.assertEqual(change.state, "approved")
        self.assertNotIn("secret", change.message_ids[0].body)

    def test_applying_refuses_another_result(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        self._sign(change, "Finance", self.finance_user)
        with patch.object(type(change), "_apply", side_effect=UserError("later")):
            self._sign(change, "Production", self.production_user)
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_qty = 9 WHERE id = %s",
            [self.order.order_line[1].id],
        )
        self.order.order_line.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "agreed 1.00, now 9.00"), self.cr.savepoint():
            change.action_apply()
        self.assertEqual(change.state, "approved")
        change.action_withdraw()
        self.assertEqual(change.state, "withdrawn")
        self.assertTrue(change.review_id.is_void)
        # What was signed for it holds for nothing: the next change asks again
        again = self._submit(
            lines={
                self.line: {"product_uom_qty": 5},
                self.order.order_line[1]: {"product_uom_qty": 1},
            }
        )
        self.assertEqual(self._states(again), {"Finance": "pending", "Production": "pending"})
