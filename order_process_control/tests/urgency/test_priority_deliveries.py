from odoo.fields import Command
from odoo.tests import tagged

from .common import UrgencyCommon

STEPS = ("ship_only", "pick_ship", "pick_pack_ship")


@tagged("post_install", "-at_install")
class TestPriorityDeliveries(UrgencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.product, 100)

    def _walk(self, order, check):
        """Ship everything of an order, step by step, and check each transfer on its way."""
        steps = 0
        while waiting := order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")):
            check(waiting)
            self._ship(waiting[0])
            steps += 1
        self.assertEqual(order.delivery_status, "full")
        return steps

    def test_urgent_from_the_beginning(self):
        for count, steps in enumerate(STEPS, start=1):
            with self.subTest(steps=steps):
                self.warehouse.delivery_steps = steps
                urgent = self._confirm((self.product, 2), urgent=True)
                normal = self._confirm((self.product, 2))
                self.assertEqual(self._walk(urgent, self.assertUrgent), count)
                self.assertEqual(self._walk(normal, self.assertNormal), count)

    def test_hurried_and_withdrawn_on_the_way(self):
        for steps in STEPS:
            with self.subTest(steps=steps):
                self.warehouse.delivery_steps = steps
                order = self._confirm((self.product, 2))
                other = self._confirm((self.product, 2))
                self._hurry(order)
                self.assertUrgent(order.picking_ids)
                self.assertNormal(other.picking_ids)
                self._withdraw(order)
                self.assertNormal(order.picking_ids)
                self._hurry(order)
                if steps != "ship_only":
                    self._ship(order.picking_ids)
                self.assertUrgent(order.picking_ids.filtered(lambda p: p.state != "done"))
                self._withdraw(order)
                self.assertNormal(order.picking_ids.filtered(lambda p: p.state != "done"))

    def test_lines_added_later(self):
        order = self._confirm((self.product, 2), urgent=True)
        self._ship(order.picking_ids)
        order.write({"order_line": [Command.create({"product_id": self.product.id})]})
        self.assertUrgent(order.picking_ids.filtered(lambda p: p.state != "done"))

    def test_several_orders_in_one_transfer(self):
        """Orders that share a reference are shipped together."""
        urgent = self._create_order(priority="1", priority_reason="Their line stands still.")
        normal = self._create_order()
        reference = self.env["stock.reference"].create({"name": "Together"})
        (urgent | normal).sudo().write({"stock_reference_ids": [Command.set(reference.ids)]})
        normal.action_confirm()
        picking = normal.sudo().picking_ids
        self.assertNormal(picking)
        urgent.action_confirm()
        self.assertEqual(urgent.sudo().order_line.move_ids.picking_id, picking)
        self.assertUrgent(picking)
        self._withdraw(urgent.sudo())
        self.assertNormal(picking)
        self._hurry(normal.sudo())
        self._hurry(urgent.sudo())
        self._withdraw(urgent.sudo())
        self.assertUrgent(picking, "the other one still is")

    def test_moves_put_into_another_transfer(self):
        urgent = self._confirm((self.product, 2), urgent=True)
        normal = self._confirm((self.product, 2))
        mine, theirs = urgent.picking_ids, normal.picking_ids
        moves = mine.move_ids
        moves.picking_id = theirs
        self.assertUrgent(theirs)
        self.assertEqual(mine.priority, "0", "it serves nobody any more")
        moves.picking_id = mine
        self.assertUrgent(mine)
        self.assertNormal(theirs)

    def test_cancelled_order_hurries_nobody(self):
        order = self._confirm((self.product, 2), urgent=True)
        picking = order.picking_ids
        order._action_cancel()
        self.assertEqual(picking.state, "cancel")
        self.assertNormal(picking)

    def test_what_comes_back_is_not_urgent(self):
        order = self._confirm((self.product, 2), urgent=True)
        delivery = order.picking_ids
        self._ship(delivery)
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=delivery.id, active_ids=delivery.ids
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.assertNormal(back)

    def test_urgent_order_of_a_batch_gets_the_stock(self):
        scarce = self._create_product("Scarce")
        self._stock(scarce, 2)
        normal = self._create_order(lines=[(scarce, 2)])
        urgent = self._create_order(
            lines=[(scarce, 2)], priority="1", priority_reason="Their line stands still."
        )
        (normal | urgent).action_confirm()
        self.assertEqual(urgent.sudo().picking_ids.state, "assigned")
        self.assertEqual(normal.sudo().picking_ids.state, "confirmed")

    def test_reserved_first_when_goods_arrive(self):
        scarce = self._create_product("Scarce")
        orders = self._confirm((scarce, 2)) | self._confirm((scarce, 2))
        first, second = orders
        self._hurry(second)
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": scarce.id,
                            "product_uom_qty": 2,
                            "location_id": self.env.ref("stock.stock_location_suppliers").id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self._ship(receipt)
        self.assertEqual(second.picking_ids.state, "assigned")
        self.assertEqual(first.picking_ids.state, "confirmed")

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_constant_queries(self):
        few = self.env["sale.order"].concat(*(self._confirm((self.product, 1)) for _i in range(2)))
        many = self.env["sale.order"].concat(
            *(self._confirm((self.product, 1)) for _i in range(12))
        )
        for change in (self._hurry, self._withdraw):
            first = self._count_queries(lambda change=change: change(few))
            second = self._count_queries(lambda change=change: change(many))
            self.assertLessEqual(second, first + 2, change.__name__)
