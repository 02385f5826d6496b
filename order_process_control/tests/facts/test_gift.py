from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestGift(CommerceCommon):
    """What is given away is marked, and a sales manager agrees to it (R-036, R-038)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(lines=[(cls.product, 1), (cls.product, 2)])
        cls.line = cls.order.order_line[1]

    def _judge(self):
        return self._fact("gift_lines", self.order)

    def _give(self):
        self.line.write({"price_unit": 0, "is_gift": True})

    def _approve_gift(self, user=None):
        return self.order.with_user(user or self.sales_manager).action_approve_gifts()

    def test_free_goods_are_marked_and_approved(self):
        self._assert_fact(self._judge(), "pass", "No gifts.")
        self.line.discount = 100
        self._assert_fact(self._judge(), "fail", "not marked as a gift: Desk.")
        self.line.is_gift = True
        self._assert_fact(self._judge(), "fail", "no sales manager has approved: Desk.")
        self._approve_gift()
        self._assert_fact(self._judge(), "pass", "Approved gift: Desk (opc_sales_mgr).")
        self.assertEqual(self.line.gift_approved_by, self.sales_manager)
        self.assertFalse(self.order.gifts_to_approve)

    def test_marked_with_a_price_needs_approval_too(self):
        self.line.is_gift = True
        self._assert_fact(self._judge(), "fail", "approved: Desk")
        self.assertEqual(self.order.gifts_to_approve, 1)

    def test_approving_marks(self):
        self.line.price_unit = 0
        self._approve_gift()
        self.assertTrue(self.line.is_gift)
        self._assert_fact(self._judge(), "pass")
        self.assertIn("Desk", self.order.message_ids[0].body)

    def test_free_services_and_shipping_are_no_gifts(self):
        self.line.write({"price_unit": 0, "product_id": self.service.id})
        self.line.price_unit = 0
        self._assert_fact(self._judge(), "pass", "No gifts.")

    def test_flags_hide_no_gift(self):
        self.line.price_unit = 0
        for flag in ("is_delivery", "is_downpayment"):
            self.line[flag] = True
            self._assert_fact(self._judge(), "fail", "not marked as a gift")

    def test_who_may_approve(self):
        self._give()
        for user in (self.salesperson, self.other_salesperson, self.finance_user, self.employee):
            with self.assertRaises(AccessError):
                self.line.with_user(user).action_approve_gift()
        own = self._create_order(user=self.sales_manager)
        own.order_line.price_unit = 0
        with self.assertRaisesRegex(UserError, "in an order of their own"):
            own.action_approve_gifts()
        other = self._create_order(user=self.salesperson)
        other.order_line.price_unit = 0
        other.sudo().user_id = self.sales_manager
        with self.assertRaisesRegex(UserError, "in an order of their own"):
            other.with_user(self.sales_manager).action_approve_gifts()
        self._approve_gift(self._create_user("opc_mgr2", self._group("manager")))
        self._assert_fact(self._judge(), "pass")

    def test_nobody_writes_the_approval(self):
        self._give()
        manager = self.sales_manager
        stamps = [
            {"gift_approved_by": manager.id},
            {"gift_approved_at": "2030-01-01 00:00:00"},
            {"gift_terms": self.line.sudo()._get_gift_terms()},
            {"gift_approved_by": False},
        ]
        for vals in stamps:
            for user in (self.salesperson, manager):
                with self.assertRaises(AccessError):
                    self.line.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    self.order.with_user(user).write(
                        {"order_line": [Command.update(self.line.id, vals)]}
                    )
        with self.assertRaises(AccessError):
            self._create_line(**stamps[0])

    def _create_line(self, context=None, **vals):
        return (
            self.env["sale.order.line"]
            .with_user(self.salesperson)
            .with_context(**(context or {}))
            .create(
                {
                    "order_id": self.order.id,
                    "product_id": self.product.id,
                    "price_unit": 0,
                    "is_gift": True,
                    **vals,
                }
            )
        )

    def test_defaults_approve_nothing(self):
        context = {
            "default_gift_approved_by": self.sales_manager.id,
            "default_gift_approved_at": "2030-01-01 00:00:00",
            "order_process_token": True,
        }
        self.assertFalse(self._create_line(context).gift_approved_by)
        self.assertFalse(self._create_line({"default_gift_terms": [1]}).gift_terms)
        self.env["ir.default"].set(
            "sale.order.line", "gift_approved_by", self.sales_manager.id, self.salesperson.id
        )
        self.assertFalse(self._create_line().gift_approved_by)

    def test_a_change_voids_the_approval(self):
        for vals in (
            {"product_uom_qty": 3},
            {"product_uom_id": self.env.ref("uom.product_uom_dozen").id, "price_unit": 0},
            {"price_unit": 1},
            {"product_id": self.service.id},
            {"is_gift": False},
        ):
            self.line.write({"product_id": self.product.id, "product_uom_qty": 2})
            self.line.write({"price_unit": 0, "is_gift": True})
            self._approve_gift()
            self.assertTrue(self.line.gift_approved_by)
            self.line.write({"name": "The same goods"})
            self.assertTrue(self.line.gift_approved_by)
            self.line.write(vals)
            self.assertFalse(self.line.gift_approved_by, vals)

    def test_another_customer_is_another_gift(self):
        self._give()
        self._approve_gift()
        self.order.partner_id = self.finance_user.partner_id
        self._assert_fact(self._judge(), "fail", "no sales manager has approved")

    def test_a_copy_takes_no_approval_along(self):
        self._give()
        self._approve_gift()
        copied = self.order.copy().order_line[1]
        self.assertTrue(copied.is_gift)
        self.assertFalse(copied.gift_approved_by or copied.sudo().gift_terms)

    def test_other_companies_stay_closed(self):
        self._give()
        other = self._create_other_company()
        manager = self._create_user("opc_far", "sales_team.group_sale_manager")
        manager.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        with self.assertRaises(AccessError):
            self.line.with_user(manager).action_approve_gift()
