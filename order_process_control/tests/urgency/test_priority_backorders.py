from odoo.fields import Command
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestPriorityBackorders(UrgencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.product, 100)

    def test_backorders_stay_urgent_step_by_step(self):
        for steps in ("ship_only", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self.warehouse.delivery_steps = steps
                order = self._confirm((self.product, 5), urgent=True)
                first = order.picking_ids
                rest = self._ship(first, quantity=2)
                self.assertUrgent(rest)
                self.assertNormal(first, "Odoo takes the star of what is done")
                self.assertUrgent(order.picking_ids - first)
                self._withdraw(order)
                self.assertNormal(order.picking_ids)

    def test_backorder_hurried_later(self):
        order = self._confirm((self.product, 5))
        rest = self._ship(order.picking_ids, quantity=2)
        self.assertNormal(rest)
        self._hurry(order)
        self.assertUrgent(rest)

    def test_what_is_left_serves_the_other_order(self):
        urgent = self._confirm((self.product, 2), urgent=True)
        normal = self._confirm((self.product, 2))
        picking = urgent.picking_ids
        normal.picking_ids.move_ids.picking_id = picking
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = 2 if move.sale_line_id.order_id == urgent else 0
            move.picked = bool(move.quantity)
        picking.with_context(skip_backorder=True).button_validate()
        rest = self.env["stock.picking"].search([("backorder_id", "=", picking.id)])
        self.assertEqual(rest.move_ids.sale_line_id.order_id, normal)
        self.assertNormal(rest)

    def test_own_star_of_a_person_stays(self):
        order = self._confirm((self.product, 5))
        picking = order.picking_ids
        picking.priority = "1"
        self.assertFalse(picking.is_urgent_by_order)
        self._hurry(order)
        self._withdraw(order)
        self.assertEqual(picking.priority, "1")
        self.assertEqual(picking.move_ids.priority, "1")
        rest = self._ship(picking, quantity=2)
        self.assertEqual(rest.priority, "1")
        self.assertFalse(rest.is_urgent_by_order)

    def test_star_taken_away_by_a_person(self):
        """It stays away from that transfer; the next one is urgent, as its order still is."""
        order = self._confirm((self.product, 5), urgent=True)
        picking = order.picking_ids
        picking.priority = "0"
        self.assertNormal(picking)
        picking.action_assign()
        self.assertNormal(picking)
        self.assertUrgent(self._ship(picking, quantity=2))

    def test_star_given_by_a_person_after_all(self):
        order = self._confirm((self.product, 5), urgent=True)
        picking = order.picking_ids
        picking.write({"priority": "1"})
        self._withdraw(order)
        self.assertEqual(picking.priority, "1", "whoever wrote it last")

    def test_manual_line_without_order(self):
        """Goods added to a transfer by hand change nothing."""
        order = self._confirm((self.product, 5), urgent=True)
        picking = order.picking_ids
        picking.write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "location_id": picking.location_id.id,
                            "location_dest_id": picking.location_dest_id.id,
                        }
                    )
                ]
            }
        )
        self.assertUrgent(picking)
