from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestPriorityAccess(UrgencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.product, 100)
        cls.keeper = cls._create_user("opc_keeper", "stock.group_stock_user")
        cls.buyer = cls._create_user("opc_buyer", "purchase.group_purchase_user")

    def test_nobody_claims_that_a_star_is_of_an_order(self):
        picking = self._confirm((self.product, 2)).picking_ids.with_user(self.keeper)
        picking.write({"priority": "1", "is_urgent_by_order": True})
        self.assertFalse(picking.is_urgent_by_order)
        picking.write({"is_urgent_by_order": True})
        self.assertFalse(picking.is_urgent_by_order)
        purchase = self.env["purchase.order"].with_user(self.buyer)
        purchase = purchase.with_context(default_is_urgent_by_order=True).create(
            {"partner_id": self.supplier.id, "priority": "1", "is_urgent_by_order": True}
        )
        self.assertFalse(purchase.is_urgent_by_order)

    def test_keeper_ships_what_is_urgent(self):
        """Who works in the warehouse reads neither orders nor purchases."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm((self.product, 5), urgent=True)
        rest = self._ship(order.picking_ids.with_user(self.keeper), quantity=2)
        self.assertUrgent(rest)
        self.assertUrgent(order.picking_ids.filtered(lambda p: p.state != "done"))

    def test_seller_without_rights_in_the_warehouse(self):
        order = self._create_order(priority="1", priority_reason="Their line stands still.")
        order.with_user(self.salesperson).action_confirm()
        self.assertUrgent(order.sudo().picking_ids)

    def test_other_company_is_left_alone(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "company_id": company.id,
            }
        )
        self._confirm((self.product, 2), urgent=True)
        self.assertEqual(picking.priority, "0")
