from odoo.fields import Command

from ...models.order.process_token import as_process
from ..common import OrderProcessCommon

REASON = "Their line stands still."


class UrgencyCommon(OrderProcessCommon):
    """Warehouses with real routes, a supplier, and orders to hurry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Steady Supplier"})
        cls.buy_route = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.mto_route = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto_route.active = True

    @classmethod
    def _create_product(cls, name, *routes, **vals):
        """Create a storable product that our supplier sells."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "route_ids": [Command.set([route.id for route in routes])],
                "seller_ids": [Command.create({"partner_id": cls.supplier.id, "price": 10})],
                **vals,
            }
        )

    @classmethod
    def _confirm(cls, *lines, urgent=False, **vals):
        """Confirm an order of (product, quantity)."""
        if urgent:
            vals |= {"priority": "1", "priority_reason": REASON}
        order = cls._create_order(lines=list(lines), **vals)
        order.action_confirm()
        return order.sudo()

    @classmethod
    def _hurry(cls, orders):
        as_process(orders).write({"priority": "1", "priority_reason": REASON})

    @classmethod
    def _withdraw(cls, orders):
        as_process(orders).write({"priority": "0", "priority_reason": False})

    @classmethod
    def _ship(cls, picking, quantity=None):
        """Validate a transfer, with a backorder for what is not shipped; return the backorder."""
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=[]).button_validate()
        return cls.env["stock.picking"].search([("backorder_id", "=", picking.id)])

    def assertUrgent(self, documents, msg=None):
        self.assertTrue(documents, msg)
        self.assertEqual(set(documents.mapped("priority")), {"1"}, msg)
        self.assertTrue(all(documents.mapped("is_urgent_by_order")), msg)
        if documents._name == "stock.picking":
            moves = documents.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            self.assertEqual(set(moves.mapped("priority")), {"1"}, msg)

    def assertNormal(self, documents, msg=None):
        self.assertTrue(documents, msg)
        self.assertEqual(set(documents.mapped("priority")), {"0"}, msg)
        self.assertFalse(any(documents.mapped("is_urgent_by_order")), msg)
        if documents._name == "stock.picking":
            self.assertEqual(set(documents.move_ids.mapped("priority")), {"0"}, msg)
