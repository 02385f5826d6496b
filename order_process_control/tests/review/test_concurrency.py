from odoo.tests import tagged
from odoo.tools import mute_logger

from .parallel import ParallelCase

PEOPLE = ("opc_parallel_1", "opc_parallel_2")


@tagged("post_install", "-at_install")
class TestConcurrency(ParallelCase):
    """Two people at the same moment, in real transactions on connections of their own."""

    def _set_up(self, env):
        """Two departments of one person each, asked at the same time about one order."""
        reviewer = "order_process_control.group_order_reviewer"
        self.user_ids = [self._create_user(env, login, reviewer).id for login in PEOPLE]
        steps = env["order.review.step"].create(
            [
                {"name": login, "reviewer_ids": [(6, 0, [user_id])]}
                for login, user_id in zip(PEOPLE, self.user_ids, strict=True)
            ]
        )
        self.step_ids = steps.ids
        order = self._create_orders(env)
        order.action_request_review()
        self.order_id = order.id

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
