import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import common, tagged
from odoo.tools import SQL, mute_logger

PEOPLE = ("opc_parallel_1", "opc_parallel_2")


@tagged("post_install", "-at_install")
class TestConcurrency(common.BaseCase):
    """Two people at the same moment, in real transactions on connections of their own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(common.get_db_name())
        self._as_root(self._set_up)
        self.addCleanup(self._as_root, self._clean_up)

    def _as_root(self, method):
        with self.registry.cursor() as cr:
            return method(api.Environment(cr, SUPERUSER_ID, {}))

    def _set_up(self, env):
        """Two departments of one person each, asked at the same time about one order."""
        self.hidden_step_ids = env["order.review.step"].search([]).ids
        env["order.review.step"].browse(self.hidden_step_ids).action_archive()
        users = env["res.users"].with_context(no_reset_password=True)
        self.user_ids = [
            users.create(
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(4, env.ref("order_process_control.group_order_reviewer").id)],
                }
            ).id
            for login in PEOPLE
        ]
        steps = env["order.review.step"].create(
            [
                {"name": login, "reviewer_ids": [(6, 0, [user_id])]}
                for login, user_id in zip(PEOPLE, self.user_ids, strict=True)
            ]
        )
        self.step_ids = steps.ids
        channel = env["utm.medium"].search([("is_approved", "=", True)], limit=1)
        order = env["sale.order"].create(
            {
                "partner_id": env.ref("base.main_partner").id,
                "medium_id": channel.id,
                "order_line": [
                    (0, 0, {"product_id": env["product.product"].search([], limit=1).id})
                ],
            }
        )
        order.action_request_review()
        self.order_id = order.id

    def _clean_up(self, env):
        """Rounds are kept for ever by every method, so the test takes them away by SQL."""
        order = env["sale.order"].browse(self.order_id)
        order.action_cancel()
        env.flush_all()
        signoffs = SQL("SELECT id FROM order_signoff WHERE order_id = %s", self.order_id)
        for table in ("order_signoff_answer", "order_signoff_vote"):
            env.cr.execute(
                SQL("DELETE FROM %s WHERE signoff_id IN (%s)", SQL.identifier(table), signoffs)
            )
        for table in ("order_signoff", "order_review"):
            env.cr.execute(
                SQL("DELETE FROM %s WHERE order_id = %s", SQL.identifier(table), self.order_id)
            )
        env.invalidate_all()
        order.unlink()
        env["order.review.step"].browse(self.step_ids).unlink()
        env["order.review.step"].browse(self.hidden_step_ids).action_unarchive()
        env["res.users"].browse(self.user_ids).action_archive()
        for user in env["res.users"].browse(self.user_ids):
            user.login = f"{user.login}_{user.id}"

    def _run_together(self, *calls):
        """Run each ``(user id, method of an environment)`` in a thread of its own, as a request
        does: all have taken their snapshot before the first of them writes."""
        barrier, results = threading.Barrier(len(calls)), {}

        def run(number, user_id, method):
            attempts = 0
            with self.registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})

                def attempt():
                    nonlocal attempts
                    attempts += 1
                    env["sale.order"].sudo().browse(self.order_id).read(["state"])
                    if attempts == 1:
                        barrier.wait(timeout=20)
                    return method(env)

                try:
                    results[number] = (retrying(attempt, env), attempts)
                except Exception as error:  # noqa: BLE001 - told by the assertion
                    results[number] = (error, attempts)

        threads = [
            threading.Thread(target=run, args=(number, *call)) for number, call in enumerate(calls)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return [results.get(number) for number in range(len(calls))]

    def _sign(self, name):
        def method(env):
            signoff = env["order.signoff"].search(
                [("order_id", "=", self.order_id), ("name", "=", name)]
            )
            return signoff.action_approve()

        return method

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_departments_sign_at_once(self):
        results = self._run_together(
            *(
                (user_id, self._sign(name))
                for user_id, name in zip(self.user_ids, PEOPLE, strict=True)
            )
        )
        self.assertEqual([result for result, _attempts in results], [True, True])
        self.assertGreater(sum(attempts for _result, attempts in results), 2, "nobody collided")

        def check(env):
            order = env["sale.order"].browse(self.order_id)
            self.assertEqual(order.review_state, "approved")
            self.assertEqual(order.release_id, order.current_review_id)
            self.assertEqual(len(order.signoff_ids.vote_ids), 2)

        self._as_root(check)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_approves_while_the_other_rejects(self):
        def reject(env):
            signoff = env["order.signoff"].search(
                [("order_id", "=", self.order_id), ("name", "=", PEOPLE[1])]
            )
            return signoff.action_reject("No")

        self._run_together((self.user_ids[0], self._sign(PEOPLE[0])), (self.user_ids[1], reject))

        def check(env):
            order = env["sale.order"].browse(self.order_id)
            self.assertEqual(order.review_state, "rejected")
            self.assertFalse(order.release_id)
            self.assertNotIn("pending", order.signoff_ids.mapped("state"))

        self._as_root(check)
