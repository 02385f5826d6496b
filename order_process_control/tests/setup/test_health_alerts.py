from odoo.tests import tagged

from ..deadline.alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestHealthAlerts(AlertCommon):
    """A rule that fails is told of where managers look."""

    def _get_lines(self):
        health = self.env["order.process.health"].with_user(self.process_manager)
        lines = health.browse(health.action_open()["res_id"]).line_ids
        return lines.filtered(lambda line: line.res_model == "order.alert.rule")

    def test_failing_rule(self):
        rule = self._create_rule("amount_above", 1)
        self.assertFalse(self._get_lines())
        rule._note_failure(ValueError("division by zero"))
        line = self._get_lines()
        self.assertIn("division by zero", line.what)
        self.assertEqual(line.action_mend()["res_id"], rule.id)
