import os
import random
import signal
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields, sql_db
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import CommittedCase

KILLS, DUE, BATCH = 20, 120, 4
SCAN_LOGGER = "odoo.addons.order_process_control.models.deadline.order_deadline_scan"


@tagged("post_install", "-at_install")
class TestDeadlineSurvival(CommittedCase):
    """What nothing may break: every alert and notice exactly once, in real transactions that are
    committed, collide and are killed."""

    def setUp(self):
        # Not as a decorator of the class: that hides it from every runner
        self.enterContext(mute_logger("odoo.sql_db", "odoo.service.model"))
        # What a run that was cut off has left behind is in nobody's way
        self.tag = f"opc_survivor_{time.time_ns()}"
        super().setUp()

    def _set_up(self, env):
        """Promises of two people to a partner, all overdue since yesterday."""
        users = env["res.users"].with_context(no_reset_password=True)
        people = users.create(
            [
                {
                    "name": login,
                    "login": login,
                    "email": f"{login}@example.com",
                    "group_ids": [(6, 0, env.ref("base.group_user").ids)],
                }
                for login in (f"{self.tag}_1", f"{self.tag}_2")
            ]
        )
        self.user_ids = people.ids
        partner = env["res.partner"].create({"name": "Survivor"})
        policy = env["order.deadline.policy"].create(
            {
                "name": "Survival",
                "clock": "answer",
                "time_basis": "elapsed",
                "emergency_hours": 0,
                "send_mail": True,
                "line_ids": [(0, 0, {"minutes": 60})],
            }
        )
        self.partner_id, self.policy_id = partner.id, policy.id
        deadlines = env["order.deadline"]._start_many(
            [
                {
                    "record": partner,
                    "clock": "answer",
                    "policy": policy,
                    "name": f"Promise <{number}>",
                    "company_id": env.company.id,
                    "user_id": people[number % 2].id,
                    "at": fields.Datetime.now() - timedelta(days=1),
                }
                for number in range(DUE)
            ]
        )
        self.ids = deadlines.ids

    def _clean_up(self, env):
        """What is kept for ever by every method is taken away by SQL."""
        ids, cr = tuple(self.ids), env.cr
        alerts = SQL(
            "SELECT id FROM order_alert WHERE res_model = 'res.partner' AND res_id = %s",
            self.partner_id,
        )
        cr.execute(
            SQL(
                "DELETE FROM mail_activity WHERE res_model = 'order.alert' AND res_id IN (%s)",
                alerts,
            )
        )
        cr.execute(SQL("DELETE FROM order_alert_notice WHERE alert_id IN (%s)", alerts))
        cr.execute(SQL("DELETE FROM order_alert WHERE id IN (%s)", alerts))
        cr.execute(SQL("DELETE FROM order_deadline WHERE id IN %s", ids))
        env.invalidate_all()
        self._get_mails(env).unlink()
        env["order.deadline.policy"].browse(self.policy_id).unlink()
        env["res.partner"].browse(self.partner_id).unlink()
        env["res.users"].browse(self.user_ids).action_archive()

    def _get_mails(self, env):
        return env["mail.mail"].search([("email_to", "like", self.tag)])

    @contextmanager
    def _others_held(self):
        """What else is due in this database is left alone: somebody holds it."""
        with self.registry.cursor() as cr:
            # What cannot be is not waited for
            cr.execute("SET LOCAL idle_in_transaction_session_timeout = '120s'")
            cr.execute(
                SQL(
                    "SELECT id FROM order_deadline WHERE next_alert_at IS NOT NULL"
                    " AND id NOT IN %s FOR UPDATE",
                    tuple(self.ids),
                )
            )
            yield
            cr.rollback()

    def _scan(self, env):
        env["order.deadline"]._cron_scan(limit=BATCH)

    def _check_exactly_once(self, ids=None, lost=()):
        def check(env):
            deadlines = env["order.deadline"].browse(ids or self.ids)
            alerts = env["order.alert"].search([("deadline_id", "in", deadlines.ids)])
            self.assertEqual(len(alerts), len(deadlines))
            self.assertEqual(alerts.deadline_id, deadlines)
            self.assertEqual(set(alerts.mapped("level")), {"2"})
            self.assertEqual(set(deadlines.mapped("state")), {"missed"})
            self.assertEqual(set(deadlines.mapped("alert_level")), {2})
            for deadline in deadlines:
                self.assertEqual(deadline.event_ids.mapped("kind"), ["start", "miss"])
            told = [(n.deadline_id.id, n.user_id.id) for n in alerts.notice_ids]
            self.assertEqual(len(told), len(set(told)))
            self.assertEqual(set(told), {(d.id, d.user_id.id) for d in deadlines})
            self.assertEqual(set(alerts.notice_ids.mapped("mail_state")), {"queued"})
            tasks = env["mail.activity"].search(
                [("res_model", "=", "order.alert"), ("res_id", "in", alerts.ids)]
            )
            self.assertEqual(sorted(tasks.mapped("res_id")), sorted(alerts.ids))
            bodies = "".join(str(body) for body in self._get_mails(env).mapped("body_html"))
            for deadline in deadlines:
                name = deadline.name.replace("<", "&lt;").replace(">", "&gt;")
                self.assertEqual(bodies.count(f">{name}<"), 1, deadline.name)

        self._as_root(check)

    def _in_threads(self, *methods):
        """Run methods at once, each in transactions of its own."""
        errors = []

        def run(method):
            try:
                self._as_root(method)
            except Exception as error:  # noqa: BLE001 - told by the assertion
                errors.append(error)

        threads = [threading.Thread(target=run, args=(method,)) for method in methods]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertFalse(errors)

    # === SEVERAL WORKERS ===#

    def test_two_workers_alert_nobody_twice(self):
        barrier = threading.Barrier(2)
        take, done, met = self.registry["order.deadline"]._take_due, [], threading.local()

        def take_together(deadlines, limit):
            if not getattr(met, "once", False):
                met.once = True
                barrier.wait(timeout=20)
            taken = take(deadlines, limit)
            done.extend((threading.get_ident(), id_) for id_ in taken.ids)
            return taken

        with (
            self._others_held(),
            patch.object(self.registry["order.deadline"], "_take_due", take_together),
        ):
            self._in_threads(self._scan, self._scan)
        self.assertEqual(len({worker for worker, _id in done}), 2, "both have worked")
        self._check_exactly_once()

    def test_somebody_fulfils_it_while_it_is_scanned(self):
        """The promise was taken by the scan: who decides waits, and is tried again by Odoo."""
        raised, decided = threading.Event(), threading.Event()
        raise_due = self.registry["order.deadline"]._raise_due

        def raise_slowly(deadlines):
            raise_due(deadlines)
            raised.set()
            decided.wait(timeout=1)

        attempts = []

        def decide(env):
            raised.wait(timeout=20)

            def attempt():
                attempts.append(1)
                env["order.deadline"].browse(self.ids[0])._stop()

            retrying(attempt, env)
            decided.set()

        with (
            self._others_held(),
            patch.object(self.registry["order.deadline"], "_raise_due", raise_slowly),
        ):
            self._in_threads(self._scan, decide)
        self.assertEqual(len(attempts), 2, "they have collided")

        def check(env):
            deadline = env["order.deadline"].browse(self.ids[0])
            self.assertTrue(deadline.stopped_at)
            self.assertEqual(deadline.event_ids.mapped("kind"), ["start", "miss", "fulfil"])
            alert = env["order.alert"].search([("deadline_id", "=", deadline.id)])
            self.assertEqual((len(alert), alert.state), (1, "resolved"))

        self._as_root(check)
        self._check_exactly_once(self.ids[1:])

    def test_what_somebody_is_about_to_fulfil_is_passed_over(self):
        def decide(env):
            # A scan that waited for this would wait for ever
            env.cr.execute("SET LOCAL idle_in_transaction_session_timeout = '120s'")
            env["order.deadline"].browse(self.ids[0])._stop()
            self._as_root(self._scan)

        with self._others_held():
            self._as_root(decide)
            self._as_root(self._scan)

        def check(env):
            deadline = env["order.deadline"].browse(self.ids[0])
            self.assertEqual(deadline.alert_level, 0)
            self.assertFalse(env["order.alert"].search([("deadline_id", "=", deadline.id)]))

        self._as_root(check)
        self._check_exactly_once(self.ids[1:])

    # === A POISONED ROW ===#

    def test_a_row_that_breaks_the_transaction_loses_only_itself(self):
        poisoned = self.ids[7]
        prepare = self.registry["order.deadline"]._prepare_cause

        def fail(deadline, *args):
            if deadline.id == poisoned:
                deadline.env.cr.execute("SELECT 1/0")
            return prepare(deadline, *args)

        with (
            self._others_held(),
            patch.object(self.registry["order.deadline"], "_prepare_cause", fail),
            self.assertLogs(SCAN_LOGGER, "ERROR") as logs,
        ):
            self._as_root(self._scan)
        self.assertEqual(len(logs.output), 1)
        self._check_exactly_once([id_ for id_ in self.ids if id_ != poisoned])

        def check(env):
            deadline = env["order.deadline"].browse(poisoned)
            self.assertEqual((deadline.failures, deadline.alert_level), (1, 0))
            self.assertGreater(deadline.next_alert_at, fields.Datetime.now())

        self._as_root(check)

    # === SIGKILL ===#

    def test_killed_twenty_times(self):
        """A process of its own scans and is killed at some statement or commit, twenty times; then
        one scans to the end."""
        chance, killed = random.Random(4711), 0
        with self._others_held():
            for _number in range(KILLS):
                killed += self._scan_and_die(chance.randint(1, 70))
            self.assertEqual(killed, KILLS)
            for _attempt in range(50):
                # The locks of the last one killed may outlive it by a moment
                self._as_root(self._scan)
                if not self._as_root(self._count_due):
                    break
                time.sleep(0.1)
        self._check_exactly_once()

    def _count_due(self, env):
        domain = [("id", "in", self.ids), ("next_alert_at", "!=", False)]
        return env["order.deadline"].search_count(domain)

    def _scan_and_die(self, after):
        """Scan in a process of its own that is killed at its ``after``-th statement or commit;
        tell whether it was."""
        pid = os.fork()
        if not pid:
            try:
                # The connections are the parent's: it needs its own, and must not close them
                self.kept = (sql_db._Pool, sql_db._Pool_readonly, self.registry._db)
                sql_db._Pool = sql_db._Pool_readonly = None
                self.registry._db = sql_db.db_connect(self.registry.db_name)
                self._die_after(after)
                self._as_root(self._scan)
            finally:
                os._exit(0)
        _pid, status = os.waitpid(pid, 0)
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

    def _die_after(self, count):
        left = [count]

        def count_down(method):
            def wrapped(*args, **kwargs):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                return method(*args, **kwargs)

            return wrapped

        for name in ("execute", "commit"):
            setattr(sql_db.Cursor, name, count_down(getattr(sql_db.Cursor, name)))
