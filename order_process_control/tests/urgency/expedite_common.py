from datetime import timedelta

from odoo import fields

from ..common import OrderProcessCommon


class ExpediteCommon(OrderProcessCommon):
    """Ten desks, all reserved: five for an order promised in 20 days, five for one promised in 5;
    ten more come in 8 days. The urgent order needs six of them in two days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_location = cls.warehouse.lot_stock_id
        cls._stock(cls.product, 10)
        cls.late_order = cls._create_confirmed(5, 20)
        cls.soon_order = cls._create_confirmed(5, 5, user=cls.other_salesperson)
        cls.receipt = cls._create_receipt(cls.product, 10, 8)
        cls.order = cls._create_confirmed(6, 10)

    @classmethod
    def _days(cls, days):
        return fields.Datetime.now().replace(microsecond=0) + timedelta(days=days)

    @classmethod
    def _create_confirmed(cls, quantity, days, user=None, product=None, **vals):
        """Return an order that is confirmed and has reserved what there is."""
        order = cls._create_order(
            user=user,
            lines=[(product or cls.product, quantity)],
            commitment_date=cls._days(days),
            **vals,
        )
        order.sudo().action_confirm()
        order.sudo().picking_ids.action_assign()
        return order

    @classmethod
    def _create_receipt(cls, product, quantity, days, warehouse=None, **vals):
        """Return a receipt that is planned, not tied to any order."""
        warehouse = warehouse or cls.warehouse
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "company_id": warehouse.company_id.id,
                "date": cls._days(days),
                **vals,
            }
        )
        move._action_confirm(merge=False)
        move.date = cls._days(days)
        return move

    def _propagate_units(self):
        """Let moves be in the unit of the order line, as the setting of Odoo does."""
        self.env["ir.config_parameter"].sudo().set_param("stock.propagate_uom", "1")

    @classmethod
    def _create_product(cls, name, quantity=0, **vals):
        """Return goods of which some lie in stock."""
        product = cls.env["product.product"].create(
            {"name": name, "type": "consu", "is_storable": True, "list_price": 10.0, **vals}
        )
        if quantity:
            cls._stock(product, quantity)
        return product

    @classmethod
    def _create_expedite(cls, order=None, user=None, **vals):
        order = order or cls.order
        return (
            cls.env["order.expedite"]
            .with_user(user or cls.salesperson)
            .create(
                {
                    "order_id": order.id,
                    "reason": "Their line stands still",
                    "needed_by": cls._days(2),
                    **vals,
                }
            )
        )

    @classmethod
    def _simulate(cls, order=None, scenario="take", **vals):
        expedite = cls._create_expedite(order, **vals)
        expedite.action_simulate()
        if scenario:
            expedite.action_choose_scenario(scenario)
        return expedite

    @classmethod
    def _submit(cls, order=None, **vals):
        expedite = cls._simulate(order, **vals)
        expedite.action_submit()
        return expedite

    def _sign(self, expedite, user=None):
        signoff = expedite.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        return signoff.with_user(user or self.process_manager).action_approve()

    def _scenario(self, expedite, code):
        return next((s for s in expedite.scenarios if s["code"] == code), None)

    @classmethod
    def _reserved(cls, order):
        lines = order.sudo().order_line.move_ids.move_line_ids
        return sum(
            lines.filtered(lambda line: line.state != "cancel").mapped("quantity_product_uom")
        )

    def _assert_sums(self, *products):
        """No quantity is reserved twice or lost: quants say what move lines say."""
        self.env.flush_all()
        for product in products or (self.product,):
            quants = self.env["stock.quant"].search(
                [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
            )
            lines = self.env["stock.move.line"].search(
                [
                    ("product_id", "=", product.id),
                    ("state", "not in", ("done", "cancel")),
                    ("location_id.usage", "=", "internal"),
                ]
            )
            self.assertAlmostEqual(
                sum(quants.mapped("reserved_quantity")), sum(lines.mapped("quantity_product_uom"))
            )
            for quant in quants:
                self.assertLessEqual(quant.reserved_quantity, quant.quantity + 1e-6)

    def _kinds(self, order):
        return order.sudo().event_ids.sorted("number").mapped("kind")
