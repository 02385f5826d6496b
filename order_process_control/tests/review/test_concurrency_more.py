from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .parallel import ParallelCase

REVIEWERS = ("opc_parallel_a", "opc_parallel_b")


@tagged("post_install", "-at_install")
class TestConcurrencyMore(ParallelCase):
    """Deciding, editing, submitting, confirming and taking back at the same moment."""

    def setUp(self):
        # Not as a decorator of the class: that hides it from every runner
        self.enterContext(mute_logger("odoo.sql_db", "odoo.service.model"))
        super().setUp()

    def _set_up(self, env):
        reviewer = "order_process_control.group_order_reviewer"
        users = [self._create_user(env, login, reviewer) for login in REVIEWERS]
        seller = self._create_user(env, "opc_parallel_s", "sales_team.group_sale_manager")
        self.user_ids = [user.id for user in users] + [seller.id]
        self.first, self.second, self.seller = self.user_ids
        self.step_ids = (
            env["order.review.step"]
            .create(
                [
                    {
                        "name": login,
                        "reviewer_ids": [(6, 0, user.ids)],
                        "sequence": sequence,
                        "condition_domain": "[('client_order_ref', '=', False)]",
                    }
                    for login, user, sequence in zip(REVIEWERS, users, (10, 10), strict=True)
                ]
            )
            .ids
        )

    # === WHAT PEOPLE DO ===#

    def _submitted(self, count=1, approved_by=(), **vals):
        """Commit orders under review, signed by the users of ``approved_by``."""

        def prepare(env):
            orders = self._create_orders(env, count, **vals)
            orders.with_user(self.seller).action_request_review()
            for user_id in approved_by:
                self._sign(orders.ids)(env(user=user_id))

        self._as_root(prepare)

    def _sign(self, order_ids=None, backwards=False):
        def method(env):
            login = env.user.login
            domain = [("order_id", "in", order_ids or self.order_ids), ("name", "=", login)]
            order = "id desc" if backwards else "id"
            return env["order.signoff"].search(domain, order=order).action_approve("Fine")

        return method

    def _undo(self, env):
        domain = [("order_id", "in", self.order_ids), ("name", "=", env.user.login)]
        return env["order.signoff"].search(domain).action_undo()

    def _request(self, env):
        return env["sale.order"].browse(self.order_ids).action_request_review()

    def _confirm(self, env):
        return env["sale.order"].browse(self.order_ids).action_confirm()

    def _write_line(self, **vals):
        def method(env):
            return env["sale.order"].browse(self.order_ids).order_line[:1].write(vals)

        return method

    def _add_gift(self, env):
        order = env["sale.order"].browse(self.order_ids)
        return bool(
            env["sale.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": order.order_line.product_id.id,
                    "price_unit": 0,
                }
            )
        )

    def _add_reason(self, env):
        reason = env["order.special.reason"].search([], limit=1)
        order = env["sale.order"].browse(self.order_ids)
        return order.write({"special_reason_ids": [(4, reason.id)]})

    # === WHAT IS ASSERTED ===#

    def _check(self, method):
        return self._as_root(lambda env: method(env["sale.order"].browse(self.order_ids)))

    def _assert_no_failure_but_refusals(self, results):
        for outcome, _attempts in results:
            self.assertFalse(
                isinstance(outcome, Exception) and not isinstance(outcome, UserError), outcome
            )
        return [not isinstance(outcome, Exception) for outcome, _attempts in results]

    def _assert_intact(self):
        notice = self._check(lambda orders: orders.action_verify_ledger())["params"]
        self.assertEqual(notice["type"], "success", notice["message"])

    # === DECIDING ===#

    def test_two_batches_in_opposite_order(self):
        self._submitted(50)
        results = self._run_together(
            (self.first, self._sign()), (self.second, self._sign(backwards=True))
        )
        self.assertEqual([outcome for outcome, _attempts in results], [True, True])
        self.assertGreater(sum(attempts for _outcome, attempts in results), 2, "nobody collided")

        def check(orders):
            self.assertEqual(set(orders.mapped("review_state")), {"approved"})
            self.assertEqual(len(orders.release_id), 50)
            self.assertEqual(len(orders.signoff_ids.vote_ids), 100)
            kinds = orders.event_ids.mapped("kind")
            self.assertEqual(kinds.count("round_approved"), 50)

        self._check(check)
        self._assert_intact()

    def test_last_signature_while_a_line_is_edited(self):
        for edit in (self._write_line(name="Something else"), self._add_gift, self._add_reason):
            self.order_ids, earlier = [], self.order_ids
            self._submitted(approved_by=[self.first])
            results = self._run_together((self.second, self._sign()), (self.seller, edit))
            done = self._assert_no_failure_but_refusals(results)
            self.assertTrue(done[1], results)
            self.assertGreater(sum(a for _outcome, a in results), 2, "nobody collided")
            self.assertEqual(self._check(lambda o: o.review_state), "outdated")
            with self.assertRaises(UserError):
                self._as_root(lambda env: self._confirm(env(user=self.seller)))
            self._assert_intact()
            self.order_ids += earlier

    def test_signature_while_a_tolerated_change_is_made(self):
        def tolerate(env):
            env["order.review.step"].browse(self.step_ids).tolerance_percent = 10

        self._as_root(tolerate)
        self._submitted(approved_by=[self.first])
        results = self._run_together(
            (self.second, self._sign()), (self.seller, self._write_line(price_unit=95))
        )
        self.assertEqual(self._assert_no_failure_but_refusals(results), [True, True])
        self.assertEqual(self._check(lambda o: o.review_state), "approved")
        self._assert_intact()

    def test_undo_while_another_signs(self):
        self._submitted(approved_by=[self.first])
        results = self._run_together((self.first, self._undo), (self.second, self._sign()))
        undone, signed = self._assert_no_failure_but_refusals(results)
        self.assertTrue(signed)

        def check(order):
            states = order.current_review_id.signoff_ids.mapped("state")
            if undone:
                self.assertEqual(sorted(states), ["approved", "pending"])
                self.assertFalse(order.release_id)
            else:
                self.assertEqual(states, ["approved", "approved"])
                self.assertEqual(order.release_id, order.current_review_id)

        self._check(check)
        self._assert_intact()

    # === SUBMITTING ===#

    def test_requested_twice_at_once(self):
        self._as_root(self._create_orders)
        results = self._run_together((self.seller, self._request), (self.seller, self._request))
        self.assertEqual(sorted(self._assert_no_failure_but_refusals(results)), [False, True])
        self.assertIn("being reviewed already", str([o for o, _a in results]))

        def check(order):
            self.assertEqual(len(order.review_ids), 1)
            self.assertEqual(order.current_review_id, order.review_ids)

        self._check(check)
        self._assert_intact()

    def test_requested_while_a_line_is_edited(self):
        self._as_root(self._create_orders)
        results = self._run_together((self.seller, self._request), (self.seller, self._add_gift))
        self.assertEqual(self._assert_no_failure_but_refusals(results), [True, True])

        def check(order):
            content = order._get_review_contents()[order.id]
            is_whole = order.current_review_id.fingerprint == order._get_fingerprint(content)
            self.assertEqual(order.review_state, "in_review" if is_whole else "outdated")

        self._check(check)
        self._assert_intact()

    # === CONFIRMING ===#

    def test_confirmed_while_a_line_is_edited(self):
        """Neither reads what the other writes (write skew), unless both write a common row."""
        for edit in (self._write_line(name="Something else"), self._add_gift, self._add_reason):
            self.order_ids, earlier = [], self.order_ids
            self._submitted(approved_by=[self.first, self.second])
            results = self._run_together((self.seller, self._confirm), (self.seller, edit))
            done = self._assert_no_failure_but_refusals(results)
            self.assertEqual(sorted(done), [False, True], results)
            self.assertEqual(self._check(lambda o: o.state), "sale" if done[0] else "draft")
            self.order_ids += earlier

    def test_unreviewed_order_confirmed_while_it_comes_to_need_a_review(self):
        def condition(env):
            env["order.review.step"].browse(
                self.step_ids
            ).condition_domain = "[('order_line.price_unit', '=', 0)]"
            self._create_orders(env)

        self._as_root(condition)
        results = self._run_together((self.seller, self._confirm), (self.seller, self._add_gift))
        done = self._assert_no_failure_but_refusals(results)
        self.assertEqual(sorted(done), [False, True], results)

    def test_confirmed_twice_at_once(self):
        self._submitted(approved_by=[self.first, self.second])
        results = self._run_together((self.seller, self._confirm), (self.seller, self._confirm))
        self.assertIn(True, self._assert_no_failure_but_refusals(results))
        self.assertEqual(self._check(lambda o: o.state), "sale")

    def test_confirmed_while_the_last_signature_is_taken_back(self):
        self._submitted(approved_by=[self.first, self.second])
        results = self._run_together((self.second, self._undo), (self.seller, self._confirm))
        undone, confirmed = self._assert_no_failure_but_refusals(results)
        self.assertNotEqual(undone, confirmed, results)
        self._assert_intact()
