from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin


@tagged("post_install", "-at_install")
class TestTours(MissingDebianAssetMixin, HttpCase):
    """One order on its way through the departments, in the browser, as each demo user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Tour Customer",
                "street": "1 Long Way",
                "city": "Springfield",
                "zip": "62701",
                "state_id": cls.env.ref("base.state_us_36").id,
                "email": "tour@example.com",
                "phone": "+1 555 0100",
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Tour Desk",
                "type": "consu",
                "is_storable": True,
                "is_custom": True,
                "list_price": 900.0,
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.ref("base.main_company").id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(cls.product, warehouse.lot_stock_id, 10)

    def _order(self):
        return self.env["sale.order"].search([("partner_id", "=", self.customer.id)])

    def _tour(self, login, name, path):
        self.start_tour(f"/odoo/{path}", f"order_process_{login}_{name}", login=login)
        self.env.invalidate_all()

    def test_order_from_intake_to_delivery(self):
        self._tour("seller", "submits", "orders-in-process")
        order = self._order()
        self.assertEqual(order.review_state, "in_review")
        self.assertEqual(order.class_id.name, "Special")
        self.assertEqual(order.registered_by.login, "seller")

        self._tour("sales_manager", "approves", "my-signoffs")
        self._tour("finance", "rejects", "my-signoffs")
        self.assertEqual(order.review_state, "rejected")

        self._tour("seller", "resubmits", "orders-in-process")
        self.assertEqual(order.current_review_id.number, 2)
        for login in ("sales_manager", "finance", "production", "logistics"):
            self._tour(login, "signs", "my-signoffs")
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(
            order.current_review_id.signoff_ids.decided_by.mapped("login"),
            ["sales_manager", "finance", "production", "logistics"],
        )

        self._tour("seller", "confirms", "orders-in-process")
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.release_id, order.current_review_id)

        self._tour("warehouse", "delivers", "deliveries")
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(order.delivery_status, "full")

    def test_hoot(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=%22order_process_control%22",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
