from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestIndicatorDelivery(AlertCommon):
    """What alarms about goods, purchases and invoices (R-042, R-302, R-303, R-313)."""

    def test_not_shipped(self):
        """R-042: three days before the promised day it is handed to the warehouse."""
        rule = self._create_rule("not_shipped", 3)
        self._stock(self.product, 10)
        due = self._confirm(self._create_order(), promised=3)
        later = self._confirm(self._create_order(), promised=4)
        found = self._find(rule)
        self.assertIn("nothing shipped", found[due])
        self.assertNotIn(later, found)
        self._deliver(due)
        self.assertNotIn(due, self._find(rule))

    def test_partly_shipped(self):
        self._stock(self.product, 1)
        order = self._confirm(self._create_order(), promised=1)
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(order.delivery_status, "partial")
        self.assertIn("partly shipped", self._find(self._create_rule("not_shipped", 3))[order])

    def test_stock_short(self):
        """What is reserved or free is not missing; the first in time takes what is free."""
        rule = self._create_rule("stock_short", 7)
        self._stock(self.product, 5)
        first = self._confirm(self._create_order(lines=[(self.product, 4)]), promised=2)
        second = self._confirm(self._create_order(lines=[(self.product, 4)]), promised=3)
        third = self._confirm(self._create_order(lines=[(self.product, 4)]), promised=20)
        found = self._find(rule)
        self.assertNotIn(first, found)
        self.assertTrue(found[second].startswith("3 missing of 1 product(s)"), found[second])
        self.assertNotIn(third, found, "needed much later")
        self._stock(self.product, 3)
        self.assertNotIn(second, self._find(rule))
        third.commitment_date = fields.Datetime.now() + timedelta(days=4)
        self.assertTrue(self._find(rule)[third].startswith("4 missing"))

    def test_stock_of_another_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Far away", "code": "FAR"})
        self.env["stock.quant"]._update_available_quantity(self.product, other.lot_stock_id, 50)
        order = self._confirm(self._create_order(), promised=2)
        self.assertIn(order, self._find(self._create_rule("stock_short", 7)))

    def _buy(self, order):
        """Buy what the order needs as make to order does: by a common reference."""
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_qty": 2, "price_unit": 10}
                    )
                ],
            }
        )
        reference = self.env["stock.reference"].create(
            {"name": order.name, "sale_ids": order.ids, "purchase_ids": purchase.ids}
        )
        self.assertEqual(order._get_purchase_orders(), purchase)
        self.assertTrue(reference)
        return purchase

    def test_purchase_late(self):
        rule = self._create_rule("purchase_late", 1)
        order = self._confirm(self._create_order(), promised=5)
        purchase = self._buy(order)
        self.assertNotIn(purchase, self._find(rule))
        purchase.date_order = fields.Datetime.now() - timedelta(days=2)
        self.assertIn("was to be ordered by", self._find(rule)[purchase])
        purchase.button_confirm()
        purchase.order_line.date_planned = fields.Datetime.now() + timedelta(days=1)
        self.assertNotIn(purchase, self._find(rule))
        purchase.order_line.date_planned = fields.Datetime.now() - timedelta(days=2)
        self.assertIn("for 1 order(s), arrival promised for", self._find(rule)[purchase])
        cause = next(c for c in rule._find() if c["res_id"] == purchase.id)
        self.assertEqual(cause["order_id"], order.id)
        purchase.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        purchase.picking_ids.button_validate()
        self.assertNotIn(purchase, self._find(rule))

    def test_purchase_for_nobody(self):
        """What was bought for the shelf is not the matter of orders."""
        order = self._create_order()
        purchase = self._buy(order)
        purchase.date_order = fields.Datetime.now() - timedelta(days=9)
        self.assertNotIn(purchase, self._find(self._create_rule("purchase_late", 1)))

    def test_tracking_missing(self):
        rule = self._create_rule("tracking_missing", 24)
        self._stock(self.product, 10)
        carrier = self.env["delivery.carrier"].create(
            {"name": "Courier", "product_id": self.service.id}
        )
        order = self._confirm(self._create_order(), promised=1)
        picking = self._deliver(order)
        self._set(picking, date_done=fields.Datetime.now() - timedelta(hours=25))
        self.assertNotIn(picking, self._find(rule), "nobody carries it")
        picking.carrier_id = carrier
        self.assertIn(picking, self._find(rule))
        self._set(picking, date_done=fields.Datetime.now() - timedelta(hours=23))
        self.assertNotIn(picking, self._find(rule))
        self._set(picking, date_done=fields.Datetime.now() - timedelta(hours=25))
        picking.carrier_tracking_ref = "JD0001"
        self.assertNotIn(picking, self._find(rule))

    def test_delivery_differs(self):
        """R-313: missed, wrong, and as it should be."""
        rule = self._create_rule("delivery_differs", 0)
        other = self.env["product.product"].create(
            {"name": "Lamp", "type": "consu", "is_storable": True}
        )
        self._stock(self.product, 50)
        self._stock(other, 50)
        right, less, more, wrong = (
            self._confirm(self._create_order(lines=[(self.product, 4)]), promised=1)
            for _n in range(4)
        )
        self._deliver(right)
        self._deliver(less, 3)
        self._deliver(more, 5)
        wrong.picking_ids.move_ids = [
            Command.create(
                {
                    "product_id": other.id,
                    "product_uom_qty": 1,
                    "location_id": wrong.picking_ids.location_id.id,
                    "location_dest_id": wrong.picking_ids.location_dest_id.id,
                }
            )
        ]
        self._deliver(wrong)
        found = self._find(rule)
        self.assertNotIn(right, found)
        self.assertIn("1 line(s) delivered less, 0 line(s) more", found[less])
        self.assertIn("0 line(s) delivered less, 1 line(s) more", found[more])
        self.assertIn("1 line(s) more", found[wrong])
        tolerant = self._find(self._create_rule("delivery_differs", 30))
        self.assertNotIn(less, tolerant)
        self.assertNotIn(more, tolerant)
        self.assertIn(wrong, tolerant)

    def test_returned_goods_do_not_differ(self):
        self._stock(self.product, 10)
        order = self._confirm(self._create_order(), promised=1)
        picking = self._deliver(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_model="stock.picking", active_id=picking.id, active_ids=picking.ids
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.move_ids.write({"quantity": 1, "picked": True})
        returned.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertNotIn(order, self._find(self._create_rule("delivery_differs", 0)))

    def test_not_invoiced(self):
        rule = self._create_rule("not_invoiced", 3)
        self._stock(self.product, 10)
        order = self._confirm(self._create_order(), promised=1)
        picking = self._deliver(order)
        self._set(picking, date_done=fields.Datetime.now() - timedelta(days=2.9))
        self.assertNotIn(order, self._find(rule))
        self._set(picking, date_done=fields.Datetime.now() - timedelta(days=3.1))
        self.assertIn(order, self._find(rule))
        order._create_invoices().action_post()
        self.assertNotIn(order, self._find(rule))

    def test_invoice_overdue(self):
        rule = self._create_rule("invoice_overdue", 7)
        self._stock(self.product, 10)
        order = self._confirm(self._create_order(), promised=1)
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        today = fields.Date.today()
        self._set(invoice, invoice_date_due=today - timedelta(days=7))
        self.assertNotIn(invoice, self._find(rule))
        self._set(invoice, invoice_date_due=today - timedelta(days=8))
        self.assertIn("due since", self._find(rule)[invoice])
        cause = next(c for c in rule._find() if c["res_id"] == invoice.id)
        self.assertEqual(cause["order_id"], order.id)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        self.assertNotIn(invoice, self._find(rule))
