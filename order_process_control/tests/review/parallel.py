import threading

from odoo import api
from odoo.service.model import retrying
from odoo.tools import SQL

from ..common import CommittedCase


class ParallelCase(CommittedCase):
    """People at the same moment, in real transactions on connections of their own."""

    def setUp(self):
        self.order_ids = []
        self._as_root(self._hide_steps)
        super().setUp()

    def _set_up(self, env):
        """Commit what the test needs. What is created in it is in ``step_ids``, ``user_ids`` and
        ``order_ids``."""

    def _hide_steps(self, env):
        """Keep the steps of the demo data out of it, until the test is over."""
        self.hidden_step_ids = env["order.review.step"].search([]).ids
        env["order.review.step"].browse(self.hidden_step_ids).action_archive()

    def _create_user(self, env, login, *groups):
        return (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(4, env.ref(group).id) for group in groups],
                }
            )
        )

    def _create_orders(self, env, count=1, **vals):
        channel = env["utm.medium"].search([("is_approved", "=", True)], limit=1)
        product = env["product.product"].search(
            [("type", "=", "service"), ("sale_ok", "=", True)], limit=1
        )
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": env.ref("base.main_partner").id,
                    "medium_id": channel.id,
                    "order_line": [(0, 0, {"product_id": product.id, "price_unit": 100})],
                    **vals,
                }
                for _ in range(count)
            ]
        )
        self.order_ids += orders.ids
        return orders

    def _clean_up(self, env):
        """Rounds are kept for ever by every method, so the test takes them away by SQL."""
        orders = env["sale.order"].browse(self.order_ids)
        orders.filtered(lambda order: order.state == "sale")._action_cancel()
        orders.filtered(lambda order: order.state != "cancel").action_cancel()
        env.flush_all()
        ids = tuple(self.order_ids)
        signoffs = SQL("SELECT id FROM order_signoff WHERE order_id IN %s", ids)
        for table in ("answer", "vote", "question", "point"):
            table = SQL.identifier(f"order_signoff_{table}")
            env.cr.execute(SQL("DELETE FROM %s WHERE signoff_id IN (%s)", table, signoffs))
        env.cr.execute(
            SQL(
                "UPDATE sale_order SET release_id = NULL, current_review_id = NULL WHERE id IN %s",
                ids,
            )
        )
        for table in ("order_signoff", "order_review", "order_event", "order_ledger"):
            env.cr.execute(SQL("DELETE FROM %s WHERE order_id IN %s", SQL.identifier(table), ids))
        env.invalidate_all()
        orders.unlink()
        env["order.review.step"].browse(self.step_ids).unlink()
        env["order.review.step"].browse(self.hidden_step_ids).action_unarchive()
        users = env["res.users"].browse(self.user_ids)
        users.action_archive()
        for user in users:
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
                    env["sale.order"].sudo().browse(self.order_ids).read(["state"])
                    if attempts == 1:
                        barrier.wait(timeout=20)
                    return method(env)

                try:
                    results[number] = (retrying(attempt, env), attempts)
                except Exception as error:  # noqa: BLE001 - told by the assertion
                    # As a request does
                    cr.rollback()
                    results[number] = (error, attempts)

        threads = [
            threading.Thread(target=run, args=(number, *call)) for number, call in enumerate(calls)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return [results.get(number) for number in range(len(calls))]
