from datetime import timedelta

from odoo import fields

from ..common import OrderProcessCommon


class FactsCommon(OrderProcessCommon):
    """One department that asks for one automatic check."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As a client sends it; the day begins at the same moment for all, unless a test says else
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US", tz="UTC"))
        cls.step = cls._create_step("Facts", reviewer_ids=cls.finance_user.ids)

    @classmethod
    def _criterion(cls, code, threshold=0.0, **vals):
        return cls.env["order.review.criterion"].create(
            {
                "step_id": cls.step.id,
                "name": code,
                "kind": "automatic",
                "check_code": code,
                "threshold": threshold,
                **vals,
            }
        )

    def _facts(self, code, orders, threshold=0.0, user=None):
        """Return ``{order: Fact}`` as the salesperson's own run finds them."""
        criterion = self._criterion(code, threshold)
        self.env.flush_all()
        self.env.invalidate_all()
        runner = criterion.with_env(self.env).with_user(user or self.salesperson).sudo()
        facts = runner._run_checks(orders.with_env(runner.env))[criterion.id]
        criterion.unlink()
        return {order: facts[order.id] for order in orders}

    def _fact(self, code, order, threshold=0.0, user=None):
        return self._facts(code, order, threshold, user)[order]

    def _days(self, days, **more):
        return fields.Datetime.now() + timedelta(days=days, **more)

    @classmethod
    def _create_goods(cls, name, **vals):
        return cls.env["product.product"].create(
            {"name": name, "type": "consu", "is_storable": True, **vals}
        )

    def _plan(self, product, quantity, date, warehouse=None, **vals):
        """Plan a receipt of a product, a delivery for a negative quantity."""
        inside = (warehouse or self.warehouse).lot_stock_id
        supplier = self.env.ref("stock.stock_location_suppliers")
        customer = self.env.ref("stock.stock_location_customers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": abs(quantity),
                "location_id": supplier.id if quantity > 0 else inside.id,
                "location_dest_id": inside.id if quantity > 0 else customer.id,
                "date": date,
                **vals,
            }
        )
        move._action_confirm()
        move.date = date
        return move

    def _create_vendor_price(self, product, delay, **vals):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": vendor.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "delay": delay,
                **vals,
            }
        )

    @classmethod
    def _create_warehouse(cls, code, company=None):
        return cls.env["stock.warehouse"].create(
            {
                "name": f"Warehouse {code}",
                "code": code,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _stock_in(cls, warehouse, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, quantity)
