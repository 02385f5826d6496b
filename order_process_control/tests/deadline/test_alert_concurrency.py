import threading
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import CommittedCase

WORKERS = 4


@tagged("post_install", "-at_install")
class TestAlertConcurrency(CommittedCase):
    """Several workers check one rule at the same moment, in real transactions: everybody is told
    once, by one of them."""

    def setUp(self):
        self.enterContext(mute_logger("odoo.sql_db"))
        super().setUp()

    def _set_up(self, env):
        users = env["res.users"].with_context(no_reset_password=True)
        user = users.create({"name": "Worker", "login": f"opc_alerted_{time.time_ns()}"})
        rule = env["order.alert.rule"].create(
            {"name": "Parallel", "indicator": "quantity_above", "threshold": 999_999}
        )
        self.user_id, self.rule_id = user.id, rule.id
        self.company_id = env.company.id

    def _clean_up(self, env):
        """Alerts are kept for ever by every method, so the test takes them away by SQL."""
        alerts = SQL("SELECT id FROM order_alert WHERE key LIKE %s", f"{self._get_key(0)[:-1]}%")
        env.cr.execute(
            SQL(
                "DELETE FROM mail_activity WHERE res_model = 'order.alert' AND res_id IN (%s)",
                alerts,
            )
        )
        env.cr.execute(SQL("DELETE FROM order_alert_notice WHERE alert_id IN (%s)", alerts))
        env.cr.execute(SQL("DELETE FROM order_alert WHERE id IN (%s)", alerts))
        env.invalidate_all()
        env["order.alert.rule"].browse(self.rule_id).unlink()
        env["res.users"].browse(self.user_id).action_archive()

    def _get_key(self, number):
        return f"rule:{self.rule_id}:parallel:{number}"

    def _get_causes(self):
        return [
            {
                "key": self._get_key(number),
                "name": f"Cause {number}",
                "level": "1",
                "company_id": self.company_id,
                "recipients": [self.user_id],
                "rule_id": self.rule_id,
            }
            for number in range(5)
        ]

    def _work_together(self, work):
        """Let all workers do ``work(env)``; each has its snapshot before one of them writes."""
        barrier, errors = threading.Barrier(WORKERS), []

        def run():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                # Takes the snapshot
                env["order.alert.rule"].browse(self.rule_id).mapped("last_run")
                barrier.wait(timeout=20)
                try:
                    work(env)
                except Exception as error:  # noqa: BLE001 - told by the assertion
                    errors.append(error)
                    cr.rollback()

        threads = [threading.Thread(target=run) for _worker in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return errors

    def _count(self):
        """Return (alerts, notices, activities) there are now."""

        def look(env):
            alerts = env["order.alert"].search([("key", "=like", f"rule:{self.rule_id}:%")])
            activities = env["mail.activity"].search(
                [("res_model", "=", "order.alert"), ("res_id", "in", alerts.ids)]
            )
            return len(alerts), len(alerts.notice_ids), len(activities)

        return self._as_root(look)

    def test_one_worker_checks_a_rule(self):
        rules, checked = self.registry["order.alert.rule"], []

        def find(rule):
            checked.append(threading.get_ident())
            return self._get_causes()

        def check(env):
            rule = env["order.alert.rule"].browse(self.rule_id)
            rule._check_due([("last_run", "=", False)])

        # Who is told is the causes' own matter here
        with patch.object(rules, "_find", find), patch.object(rules, "_set_recipients"):
            errors = self._work_together(check)
        self.assertFalse(errors)
        self.assertEqual(len(checked), 1, "the others have passed over it")
        self.assertEqual(self._count(), (5, 5, 5))

    def test_one_cause_raised_by_all_is_told_once(self):
        """Also when nothing keeps them apart: of several at once one tells, the others are run
        again by Odoo and find it told."""

        def work(env):
            env["order.alert"]._raise(self._get_causes())

        errors = self._work_together(work)
        self.assertEqual(len(errors), WORKERS - 1, "nobody collided")
        self._as_root(work)
        self.assertEqual(self._count(), (5, 5, 5))
