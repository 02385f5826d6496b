from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestCustomerCheck(RoundsCommon):
    """Gone through with the customer before it is submitted (R-015)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.regular = cls.env.ref("order_process_control.order_class_regular")

    def test_noted_in_the_name_of_who_checked(self):
        order = self._create_order()
        self.assertEqual(order.customer_check_state, "none")
        with freeze_time("2030-01-02 10:00:00"):
            order.action_check_with_customer("visit")
        self.assertEqual(order.customer_checked_by, self.salesperson)
        self.assertEqual(str(order.customer_checked_at), "2030-01-02 10:00:00")
        self.assertEqual(order.customer_check_method, "visit")
        self.assertEqual(order.customer_check_state, "valid")
        event = order.sudo().event_ids
        self.assertEqual(event.kind, "customer_checked")
        self.assertEqual(event.payload["hash"], order.customer_check_fingerprint)
        self._assert_ledger_intact(order)

    def test_a_class_may_ask_for_it(self):
        self._create_order().action_request_review()
        self.regular.needs_customer_check = True
        order = self._create_order()
        with self.assertRaisesRegex(UserError, "gone through with the customer first"):
            order.action_request_review()
        order.action_check_with_customer("phone")
        order.action_request_review()
        self.assertEqual(order.review_state, "in_review")

    def test_void_when_the_order_changes(self):
        self.regular.needs_customer_check = True
        order = self._create_order()
        order.action_check_with_customer("phone")
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.customer_check_state, "changed")
        with self.assertRaisesRegex(UserError, "has changed since it was checked"):
            order.action_request_review()
        order.requirement_properties = {"requirement_material": "Oak"}
        order.order_line.product_uom_qty = 2
        self.assertEqual(order.customer_check_state, "changed")
        order.requirement_properties = {}
        self.assertEqual(order.customer_check_state, "valid", "it is what was checked")
        order.is_important = True
        self.assertEqual(order.customer_check_state, "valid", "nothing a customer checks")
        order.action_request_review()

    def test_set_by_its_method_only(self):
        order = self._create_order()
        for name, value in (
            ("customer_checked_by", self.sales_manager.id),
            ("customer_checked_at", "2030-01-01"),
            ("customer_check_method", "phone"),
            ("customer_check_fingerprint", "x"),
        ):
            with self.assertRaises(AccessError):
                order.write({name: value})
            with self.assertRaises(AccessError):
                self._create_order(**{name: value})
            sneaky = order.with_context(**{f"default_{name}": value})
            self.assertFalse(sneaky.create({"partner_id": self.customer.id})[name])
        order.action_check_with_customer("phone")
        self.assertFalse(order.copy().customer_checked_at)

    def test_refused(self):
        order = self._create_order()
        for user in (self.auditor, self.finance_user, self.other_salesperson, self.employee):
            with self.assertRaises(AccessError):
                order.with_user(user).action_check_with_customer("phone")
        for method in ("", False, "pigeon"):
            with self.assertRaisesRegex(UserError, "Choose how"):
                order.action_check_with_customer(method)
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "only quotations"):
            order.action_check_with_customer("phone")

    def test_dialog_asks_how(self):
        order = self._create_order()
        action = order.action_open_customer_check()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
        wizard.method = "chat"
        wizard.action_run()
        self.assertEqual(order.customer_check_method, "chat")
        with self.assertRaises(AccessError):
            wizard.with_user(self.sales_manager).action_run()

    def test_states_are_read_together(self):
        orders = self.env["sale.order"].concat(*(self._create_order() for _n in range(6)))
        orders.action_check_with_customer("phone")
        orders.mapped("customer_check_state")  # warm
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(some.mapped("customer_check_state")), {"valid"})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
