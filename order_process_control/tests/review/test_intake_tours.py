from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin
from .test_demo_flow import DemoCase


@tagged("post_install", "-at_install")
class TestIntakeTours(MissingDebianAssetMixin, HttpCase, DemoCase):
    """A phone order in the browser: written down, confirmed by both sides, and submitted."""

    def test_phone_order(self):
        special = self.env.ref("order_process_control.order_class_special")
        special.requirement_mandatory = ["requirement_material"]
        seller = self.env.ref("order_process_control.user_demo_salesperson")
        product = self.env["product.product"].create({"name": "Oak Desk", "is_custom": True})
        order = (
            self.env["sale.order"]
            .with_user(seller)
            .create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "Phone Customer"}).id,
                    "medium_id": self.env.ref("utm.utm_medium_phone").id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
        )
        self.start_tour(
            "/odoo/orders-in-process", "order_process_seller_records_phone_order", login="seller"
        )
        self.env.invalidate_all()
        self.assertEqual(order.review_state, "in_review")
        self.assertEqual(order.requirement_properties["requirement_material"], "Oak")
        record = order.oral_record_ids
        self.assertEqual(record.state, "contract")
        self.assertEqual(record.customer_confirm_method, "email")
        self.assertEqual(record.customer_noted_by, seller)
