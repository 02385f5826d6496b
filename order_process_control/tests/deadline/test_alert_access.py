from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestAlertAccess(AlertCommon):
    """Who reads alerts and their figures; what an attacker with a login gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule("amount_above", 70000)
        cls.order = cls._create_order(lines=[(cls.product, 777)])
        cls.order.action_register()
        cls.rule.user_ids = cls.employee
        cls.rule._check_isolated()
        cls.alert = cls.env["order.alert"].search(
            [("rule_id", "=", cls.rule.id), ("order_id", "=", cls.order.id)]
        )

    def _may_read(self, user, alert=None):
        alert = alert or self.alert
        return bool(self.env["order.alert"].with_user(user).search([("id", "=", alert.id)]))

    def test_readers(self):
        for user in (self.salesperson, self.employee, self.auditor, self.process_manager):
            self.assertTrue(self._may_read(user), user.name)
        self.assertTrue(self._may_read(self.sales_manager), "reads the order")
        for user in (self.other_salesperson, self.finance_user, self.production_user):
            self.assertFalse(self._may_read(user), user.name)

    def test_resolvers_read(self):
        self.rule.resolver_ids = self.production_user
        self.assertTrue(self._may_read(self.production_user))
        self.rule.resolver_ids = False
        self.rule.resolver_group_ids = self.env.ref("account.group_account_readonly")
        self.assertFalse(self._may_read(self.production_user))
        accountant = new_test_user(self.env, "opc_acc", "account.group_account_readonly")
        self.assertTrue(self._may_read(accountant))

    def test_figures_for_readers_of_the_document(self):
        """The designated employee is told, but reads no order: not its amount either."""
        self.assertIn("77,", self.alert.with_user(self.salesperson).figures_text)
        hidden = self.alert.with_user(self.employee)
        self.assertEqual(hidden.figures_text, "shown to readers of the document")
        for user in (self.employee, self.salesperson, self.process_manager):
            with self.assertRaises(AccessError):
                self.alert.with_user(user).read(["figures"])
            with self.assertRaises(AccessError):
                self.env["order.alert"].with_user(user).search([("figures", "ilike", "7")])
        self.assertNotIn("77,", str(hidden.read()))
        self.assertNotIn("77,", str(hidden.activity_ids.read()))

    def test_figures_in_mail(self):
        self.rule.send_mail = True
        other = self._create_order(lines=[(self.product, 777)])
        other.action_register()
        self.employee.email = "employee@example.com"
        self.salesperson.email = "sales@example.com"
        self._check(self.rule)
        mails = self.env["mail.mail"].search([("subject", "ilike", other.name)])
        bodies = {mail.email_to: mail.body_html for mail in mails}
        self.assertEqual(len(bodies), 2)
        for address, body in bodies.items():
            self.assertEqual("77,7" in body, "sales@" in address, address)

    def test_invoice_amount(self):
        """Warehouse people read orders, but no invoices."""
        rule = self._create_rule("invoice_overdue", 0)
        self._stock(self.product, 1000)
        order = self._confirm(self.order, promised=1)
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        self._set(invoice, invoice_date_due="2026-01-01")
        keeper = new_test_user(self.env, "opc_keeper", "stock.group_stock_user")
        rule.user_ids = keeper
        alert = self._check(rule).filtered(lambda a: a.res_id == invoice.id)
        self.assertEqual(alert.res_model, "account.move")
        self.assertTrue(self._may_read(keeper, alert))
        self.assertEqual(alert.with_user(keeper).figures_text, "shown to readers of the document")
        self.assertIn("due since", alert.with_user(self.salesperson).figures_text)
        with self.assertRaises(AccessError):
            alert.with_user(keeper).action_open_record()
        self.assertEqual(alert.with_user(keeper).action_open_order()["res_id"], order.id)

    def test_harmless_figures_are_for_all_readers(self):
        rule = self._create_rule("quantity_above", 776, user_ids=self.employee.ids)
        alert = self._check(rule)
        self.assertEqual(alert.with_user(self.employee).figures_text, "777 × Desk")

    def test_strangers(self):
        for user in (self.other_salesperson, self.finance_user):
            alert = self.alert.with_user(user)
            for call in (
                alert.action_acknowledge,
                lambda alert=alert: alert.action_resolve("x", "x"),
                lambda alert=alert: alert.action_evaluate("x", "x"),
                alert.action_open_record,
                alert.action_open_order,
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual(self.alert.state, "new")

    def test_readers_without_charge(self):
        for user in (self.auditor, self.sales_manager):
            alert = self.alert.with_user(user)
            self.assertTrue(alert.name)
            with self.assertRaises(AccessError):
                alert.action_acknowledge()
            with self.assertRaises(AccessError):
                alert.action_resolve("x", "x")

    def test_nobody_writes(self):
        vals = {"state": "resolved", "cause": "x", "measure": "x", "is_settled": True}
        for user in (self.salesperson, self.auditor, self.process_manager):
            for context in ({}, {"order_process_token": True}, {"default_state": "resolved"}):
                alert = self.alert.with_user(user).with_context(**context)
                for call in (
                    lambda alert=alert: alert.write(vals),
                    lambda alert=alert: alert.copy(),
                    lambda alert=alert: alert.create({**vals, "name": "x", "key": "x"}),
                    alert.unlink,
                    lambda alert=alert: alert.notice_ids.write({"acknowledged_at": False}),
                ):
                    with self.assertRaises(AccessError):
                        call()
        self.assertEqual(self.alert.state, "new")

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._set(self.alert, company_id=company.id)
        for user in (self.auditor, self.salesperson, self.process_manager):
            self.assertFalse(self._may_read(user))

    def test_portal(self):
        portal = new_test_user(self.env, "opc_portal", "base.group_portal")
        for model in ("order.alert", "order.alert.rule", "order.entry.exception"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(portal).search_read([], ["display_name"])
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(portal).search_read([], ["open_alert_count"])
