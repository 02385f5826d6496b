from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DeadlineCommon


@tagged("post_install", "-at_install")
class TestAlert(DeadlineCommon):
    """Alerts come, climb and go by their cause, whatever raised them."""

    def _cause(self, key="test:1", level="1", **vals):
        return {
            "key": key,
            "name": f"Cause {key}",
            "level": level,
            "company_id": self.company.id,
            "recipients": self.finance_user.ids,
            **vals,
        }

    def _raise(self, *causes):
        return self.env["order.alert"]._raise(list(causes))

    def test_one_alert_a_cause(self):
        alert = self._raise(self._cause(figures="5 of 3"))
        self.assertEqual((alert.level, alert.state, alert.figures), ("1", "new", "5 of 3"))
        self.assertFalse(self._raise(self._cause()), "nothing new")
        self.assertEqual(self.alerts.search([("key", "=", "test:1")]), alert)
        self.assertEqual(len(alert.notice_ids), 1)

    def test_the_level_climbs_and_never_falls(self):
        alert = self._raise(self._cause())
        self._raise(self._cause(level="3", recipients=self.process_manager.ids))
        self.assertEqual(alert.level, "3")
        self._raise(self._cause(level="2"))
        self.assertEqual(alert.level, "3")
        self.assertEqual(alert.notice_ids.mapped("level"), ["3", "1"])

    def test_twice_in_one_go(self):
        alert = self._raise(self._cause(), self._cause(level="2"), self._cause())
        self.assertEqual((len(alert), alert.level), (1, "2"))

    def test_cleared_and_raised_anew(self):
        alert = self._raise(self._cause())
        self.env["order.alert"]._clear(["test:1", "unknown"])
        self.assertTrue(alert.is_auto_resolved)
        self.assertFalse(self._tasks(alert))
        again = self._raise(self._cause())
        self.assertTrue(again)
        self.assertNotEqual(again, alert)

    def test_a_constant_number_of_statements(self):
        def count(number, first):
            causes = [self._cause(f"many:{first + index}") for index in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._raise(*causes)
            return self.env.cr.sql_log_count - before

        count(1, 0)
        self.assertEqual(count(2, 10), count(300, 100))

    def test_acknowledge_many(self):
        alerts = self._raise(self._cause(), self._cause("test:2"))
        alerts.with_user(self.finance_user).action_acknowledge()
        self.assertEqual(set(alerts.mapped("state")), {"acknowledged"})
        self.assertEqual(alerts.acknowledged_by, self.finance_user)
        self.assertFalse(self._tasks(alerts))
        alerts.with_user(self.process_manager).action_acknowledge()
        self.assertEqual(alerts.acknowledged_by, self.finance_user, "the first one")

    def test_resolve_with_cause_and_measure(self):
        alert = self._raise(self._cause()).with_user(self.finance_user)
        for texts in (("", "x"), ("x", " "), (None, "x"), (7, "x")):
            with self.assertRaises(UserError):
                alert.action_resolve(*texts)
        alert.action_resolve("Machine broke", "Repaired ", "Two days late", "Buy a second one")
        self.assertRecordValues(
            alert,
            [
                {
                    "state": "resolved",
                    "resolved_by": self.finance_user.id,
                    "cause": "Machine broke",
                    "measure": "Repaired",
                    "effect": "Two days late",
                    "lesson": "Buy a second one",
                    "is_auto_resolved": False,
                }
            ],
        )
        self.assertFalse(self._tasks(alert))
        with self.assertRaises(UserError):
            alert.action_resolve("Again", "And again")

    def test_in_the_language_of_each(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.finance_user.lang = "zh_CN"
        self.finance_user2.lang = "en_US"
        people = self.finance_user | self.finance_user2
        alert = self._raise(self._cause(recipients=people.ids))
        tasks = self._tasks(alert).grouped("user_id")
        self.assertEqual(tasks[self.finance_user2].summary, "General alert: Cause test:1")
        self.assertEqual(len(tasks), 2)
