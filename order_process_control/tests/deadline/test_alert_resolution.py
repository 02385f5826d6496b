from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestAlertResolution(AlertCommon):
    """Who settles an alert, and what is kept of it (R-308 .. R-311)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule("quantity_above", 777)
        cls.order = cls._create_order(lines=[(cls.product, 778)])
        cls.order.action_register()
        cls.rule._check_isolated()
        cls.alert = cls.env["order.alert"].search([("rule_id", "=", cls.rule.id)])

    def _resolve(self, user, **vals):
        texts = {"cause": "Big customer", "measure": "Asked production", **vals}
        return self.alert.with_user(user).action_resolve(**texts)

    def test_rule_names_who(self):
        """Only these, not even who was told or a process manager."""
        self.rule.resolver_ids = self.finance_user
        for user in (self.salesperson, self.process_manager):
            self.assertFalse(self.alert.with_user(user).can_resolve)
            with self.assertRaises(AccessError):
                self._resolve(user)
        self._resolve(self.finance_user)
        self.assertRecordValues(
            self.alert,
            [
                {
                    "state": "resolved",
                    "resolved_by": self.finance_user.id,
                    "cause": "Big customer",
                    "measure": "Asked production",
                    "is_auto_resolved": False,
                    "is_settled": True,
                }
            ],
        )

    def test_rule_names_a_group(self):
        self.rule.resolver_group_ids = self.env.ref("sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self._resolve(self.salesperson)
        self._resolve(self.sales_manager)
        self.assertEqual(self.alert.state, "resolved")

    def test_without_names_who_was_told(self):
        with self.assertRaises(AccessError):
            self._resolve(self.finance_user)
        self._resolve(self.salesperson)

    def test_cause_and_measure_are_asked(self):
        for vals in ({"cause": " "}, {"measure": ""}, {"cause": False}):
            with self.assertRaises(UserError):
                self._resolve(self.salesperson, **vals)
        self.assertEqual(self.alert.state, "new")

    def test_effect_and_lesson_later(self):
        """R-310; what was written stays."""
        alert = self.alert.with_user(self.salesperson)
        with self.assertRaises(UserError):
            alert.action_evaluate("Good")
        self._resolve(self.salesperson)
        self.assertTrue(alert.can_evaluate)
        with self.assertRaises(UserError):
            alert.action_evaluate(effect="\u2800")
        alert.action_evaluate(effect="Arrived in time")
        with self.assertRaises(UserError):
            alert.action_evaluate(effect="Something else")
        with self.assertRaises(AccessError):
            self.alert.with_user(self.auditor).action_evaluate(lesson="Mine")
        alert.action_evaluate(lesson="Ask earlier")
        self.assertEqual((alert.effect, alert.lesson), ("Arrived in time", "Ask earlier"))
        self.assertFalse(alert.can_evaluate)

    def test_what_resolved_itself_needs_no_words(self):
        self.rule.active = False
        alert = self.alert.with_user(self.salesperson)
        self.assertEqual(alert.state, "resolved")
        self.assertFalse(alert.can_evaluate)
        self.assertFalse(alert.resolved_by)

    def test_dialog(self):
        action = self.alert.with_user(self.salesperson).action_open_resolution()
        self.assertEqual(action["name"], "Resolve")
        wizard = self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
        with Form(wizard) as form:
            form.cause = "Big customer"
            form.measure = "Asked production"
        wizard.action_resolve()
        self.assertEqual(self.alert.state, "resolved")
        action = self.alert.with_user(self.salesperson).action_open_resolution()
        self.assertEqual(action["name"], "Effect and Lesson")
        wizard = self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
        wizard.lesson = "Ask earlier"
        wizard.action_resolve()
        self.assertEqual(self.alert.lesson, "Ask earlier")

    def test_dialog_for_alerts_of_others(self):
        wizard = self.env["order.alert.resolution"]
        vals = {"alert_ids": [Command.set(self.alert.ids)], "cause": "x", "measure": "x"}
        with self.assertRaises(AccessError):
            wizard.with_user(self.employee).create(vals)
        reader = wizard.with_user(self.auditor).create(vals)
        with self.assertRaises(AccessError):
            reader.action_resolve()
        self.assertEqual(self.alert.state, "new")

    def test_acknowledge_many(self):
        other = self._create_order(lines=[(self.product, 900)])
        other.action_register()
        alerts = self._check(self.rule)
        self.assertEqual(len(alerts), 2)
        alerts.with_user(self.salesperson).action_acknowledge()
        self.assertEqual(set(alerts.mapped("state")), {"acknowledged"})
        self.assertEqual(alerts.acknowledged_by, self.salesperson)
        self.assertFalse(alerts.activity_ids)

    def test_order_button(self):
        order = self.order.with_user(self.salesperson)
        self.assertEqual(order.open_alert_count, 1)
        action = order.action_view_alerts()
        found = self.env["order.alert"].with_user(self.salesperson).search(action["domain"])
        self.assertEqual(found, self.alert)
        self._resolve(self.salesperson)
        order.invalidate_recordset(["open_alert_count"])
        self.assertEqual(order.open_alert_count, 0)

    def test_kept(self):
        with self.assertRaises(AccessError):
            self.alert.unlink()
