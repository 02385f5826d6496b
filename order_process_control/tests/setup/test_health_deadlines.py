from odoo.tests import tagged

from ..deadline.common import DeadlineCommon


@tagged("post_install", "-at_install")
class TestHealthDeadlines(DeadlineCommon):
    """What keeps promises from being timed is told of where managers look."""

    def _get_lines(self, records):
        health = self.env["order.process.health"].with_user(self.process_manager)
        lines = health.browse(health.action_open()["res_id"]).line_ids
        return lines.filtered(lambda line: line.res_model == records._name)

    def test_policy_without_times(self):
        self.assertFalse(self._get_lines(self.policy))
        self.policy.line_ids.unlink()
        line = self._get_lines(self.policy)
        self.assertIn("It has no times", line.what)
        self.assertEqual(line.action_mend()["res_id"], self.policy.id)

    def test_policy_and_department_by_empty_hours(self):
        idle = self._create_calendar(hours=(), name="Idle hours")
        self.policy.calendar_id = idle
        self.assertIn("“Idle hours” has no working hours", self._get_lines(self.policy).what)
        self.assertFalse(self._get_lines(idle))
        self.finance.order_calendar_id = idle
        self.assertIn("“Idle hours” are empty", self._get_lines(idle).what)

    def test_deadline_that_cannot_be_handled(self):
        deadline = self._start()
        self.assertFalse(self._get_lines(deadline))
        deadline._put_back()
        self.assertIn("cannot be raised: 1", self._get_lines(deadline).what)
