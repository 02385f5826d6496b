from odoo.fields import Command
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestPriorityPurchases(UrgencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made_to_order = cls._create_product("To Order", cls.mto_route, cls.buy_route)

    def test_make_to_order(self):
        for reception in ("one_step", "two_steps", "three_steps"):
            with self.subTest(reception=reception):
                self.warehouse.reception_steps = reception
                order = self._confirm((self.made_to_order, 3), urgent=True)
                self.assertUrgent(order.picking_ids)
                self._buy_and_receive(order)

    def _buy_and_receive(self, order):
        purchase = order._get_purchase_orders()
        self.assertUrgent(purchase)
        purchase.button_confirm()
        while receipts := self._get_receipts(purchase):
            self.assertUrgent(receipts)
            self._ship(receipts[0])
        self.assertEqual(purchase.receipt_status, "full")
        self.assertNormal(purchase, "nobody waits for it any more")
        delivery = order.picking_ids.filtered(lambda p: p.picking_type_code == "outgoing")
        self.assertUrgent(delivery)
        self._ship(delivery)

    def _get_receipts(self, purchase):
        """Return the open transfers on the way of what is bought into the stock."""
        moves = purchase.order_line.move_ids
        while moves != moves | moves.move_dest_ids:
            moves |= moves.move_dest_ids
        return moves.picking_id.filtered(
            lambda p: p.state not in ("done", "cancel") and p.picking_type_code != "outgoing"
        ).sorted("id")

    def test_hurried_and_withdrawn(self):
        self.warehouse.reception_steps = "two_steps"
        order = self._confirm((self.made_to_order, 3))
        purchase = order._get_purchase_orders()
        self.assertNormal(purchase)
        self._hurry(order)
        self.assertUrgent(purchase)
        purchase.button_confirm()
        self.assertUrgent(purchase.picking_ids)
        self._withdraw(order)
        self.assertNormal(purchase)
        self.assertNormal(purchase.picking_ids)
        self.assertNormal(order.picking_ids)
        self._hurry(order)
        self.assertUrgent(purchase)
        self.assertUrgent(purchase.picking_ids)

    def test_withdrawn_between_purchase_and_receipt(self):
        order = self._confirm((self.made_to_order, 3), urgent=True)
        purchase = order._get_purchase_orders()
        self._withdraw(order)
        purchase.button_confirm()
        self.assertNormal(purchase.picking_ids)

    def test_one_purchase_for_several_orders(self):
        self.supplier.group_rfq = "all"
        normal = self._confirm((self.made_to_order, 1))
        purchase = normal._get_purchase_orders()
        self.assertNormal(purchase)
        urgent = self._confirm((self.made_to_order, 2), urgent=True)
        self.assertEqual(urgent._get_purchase_orders(), purchase, "added to the existing one")
        self.assertUrgent(purchase)
        self._hurry(normal)
        self._withdraw(urgent)
        self.assertUrgent(purchase, "the other one still is")
        purchase.button_confirm()
        self.assertUrgent(purchase.picking_ids)
        self.assertNormal(urgent.picking_ids)
        self._withdraw(normal)
        self.assertNormal(purchase)
        self.assertNormal(purchase.picking_ids)

    def test_urgent_order_cancelled(self):
        self.supplier.group_rfq = "all"
        normal = self._confirm((self.made_to_order, 1))
        urgent = self._confirm((self.made_to_order, 2), urgent=True)
        purchase = normal._get_purchase_orders()
        purchase.button_confirm()
        self.assertUrgent(purchase | urgent._get_purchase_orders())
        urgent._action_cancel()
        self.assertNormal(purchase)
        self.assertNormal(purchase.picking_ids)

    def test_merged_requests_for_quotation(self):
        normal = self._confirm((self.made_to_order, 1))
        urgent = self._confirm((self.made_to_order, 2), urgent=True)
        first, second = normal._get_purchase_orders(), urgent._get_purchase_orders()
        self.assertNotEqual(first, second)
        (first | second).action_merge()
        self.assertEqual(second.state, "cancel")
        self.assertUrgent(first)
        first.button_confirm()
        self.assertUrgent(first.picking_ids)
        self._withdraw(urgent)
        self.assertNormal(first)
        self.assertNormal(first.picking_ids)

    def test_own_star_of_a_buyer_stays(self):
        order = self._confirm((self.made_to_order, 3))
        purchase = order._get_purchase_orders()
        purchase.priority = "1"
        self._hurry(order)
        self._withdraw(order)
        self.assertEqual(purchase.priority, "1")

    def test_quantity_increased_later(self):
        order = self._confirm((self.made_to_order, 3), urgent=True)
        order._get_purchase_orders().button_confirm()
        order.order_line.product_uom_qty = 5
        self.assertEqual(len(order._get_purchase_orders()), 2)
        self.assertUrgent(order._get_purchase_orders())
        self.assertUrgent(order.picking_ids)

    def test_drop_shipping(self):
        product = self._create_product(
            "Dropped", self._create_drop_route(), supplier_taxes_id=False
        )
        order = self._confirm((product, 3), urgent=True)
        purchase = order._get_purchase_orders()
        self.assertUrgent(purchase)
        purchase.button_confirm()
        self.assertUrgent(purchase.picking_ids)
        self.assertEqual(purchase.picking_ids.location_dest_id.usage, "customer")
        self._withdraw(order)
        self.assertNormal(purchase)
        self.assertNormal(purchase.picking_ids)
        self._hurry(order)
        rest = self._ship(purchase.picking_ids, quantity=1)
        self.assertUrgent(rest)
        self.assertUrgent(purchase)
        self._ship(rest)
        self.assertNormal(purchase)

    def _create_drop_route(self):
        """Return the route of ``stock_dropshipping``, which need not be installed."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        customers = self.env.ref("stock.stock_location_customers")
        operation = self.env["stock.picking.type"].create(
            {
                "name": "Dropship",
                "code": "incoming",
                "sequence_code": "DS",
                "warehouse_id": self.warehouse.id,
                "default_location_src_id": suppliers.id,
                "default_location_dest_id": customers.id,
            }
        )
        return self.env["stock.route"].create(
            {
                "name": "Dropship",
                "product_selectable": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Supplier to customer",
                            "action": "buy",
                            "picking_type_id": operation.id,
                            "location_src_id": suppliers.id,
                            "location_dest_id": customers.id,
                            "procure_method": "make_to_stock",
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
