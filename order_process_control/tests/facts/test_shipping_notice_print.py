from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..review.test_order_review_form import PrintCommon

NOTICE = "order_process_control.shipping_notice"
NOTICE_PICKING = "order_process_control.shipping_notice_picking"


@tagged("post_install", "-at_install")
class TestShippingNoticePrint(PrintCommon):
    """The Shipping Notice on paper: product, model, quantity, both signatures (R-483)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("opc_keeper", "stock.group_stock_user")
        cls.product.default_code = "DESK-7"
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Height",
                "create_variant": "no_variant",
                "value_ids": [Command.create({"name": "Low"}), Command.create({"name": "High"})],
            }
        )
        line = cls.env["product.template.attribute.line"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "attribute_id": attribute.id,
                "value_ids": [Command.set(attribute.value_ids.ids)],
            }
        )
        cls.order = cls._create_order(
            lines=[(cls.product, 2), (cls.service, 1)], client_order_ref="PO-9"
        )
        cls.order.order_line[
            0
        ].product_no_variant_attribute_value_ids = line.product_template_value_ids[1]
        cls.order.action_confirm()
        cls.picking = cls.order.sudo().picking_ids

    def test_columns(self):
        text = self._print(self.order, self.salesperson, NOTICE)
        for part in ("Product Name", "Model / Specification", "Quantity", "PO-9", self.order.name):
            self.assertIn(part, text)
        self.assertIn("1 Desk DESK-7, High 2.00 Units", text)
        self.assertNotIn("Assembly", text)
        self.assertIn("/Not signed yet/ (opc_sales)", text)
        self.assertIn("Not confirmed yet", text)

    def test_signatures(self):
        self.order.action_sign_shipping_notice()
        self.picking.with_user(self.keeper).action_confirm_shipping_notice()
        for records, user, report in (
            (self.order, self.salesperson, NOTICE),
            (self.picking, self.keeper, NOTICE_PICKING),
        ):
            text = self._print(records, user, report)
            self.assertIn("*opc_sales* signed", text)
            self.assertIn("*opc_keeper*", text)
            self.assertIn("DESK-7, High", text)
        self.order.order_line[0].product_uom_qty = 1
        text = self._print(self.order, self.salesperson, NOTICE)
        self.assertIn("Void: changed after it was signed", text)
        self.assertNotIn("*opc_sales* signed", text)
        self.assertNotIn("*opc_keeper*", text)

    def test_who_prints(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        for user in (portal, self.other_salesperson, self.employee, self.keeper):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._print(self.order, user, NOTICE)
        for user in (portal, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._print(self.picking, user, NOTICE_PICKING)

    def test_other_transfers_have_none(self):
        receipt = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.in_type_id.id}
        )
        with self.assertRaisesRegex(UserError, "only the delivery of a sales order"):
            self._print(receipt, self.keeper, NOTICE_PICKING)
