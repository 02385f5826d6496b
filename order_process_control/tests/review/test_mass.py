from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestMass(RoundsCommon):
    """Many at once, with a result for each: "approve all green, show me the rest"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.orders = cls.env["sale.order"].union(*(cls._create_order() for _ in range(4)))
        cls.orders.with_user(cls.salesperson).action_request_review()

    def _signoffs(self, orders=None, user=None):
        orders = self.orders if orders is None else orders
        return orders.sudo().current_review_id.signoff_ids.with_user(user or self.finance_user)

    def _by_order(self, results):
        signoffs = self.env["order.signoff"].sudo()
        return {signoffs.browse(r["id"]).order_id: (r["done"], r["message"]) for r in results}

    def _add_question(self, name="Can they pay?", **vals):
        return self.env["order.review.criterion"].create(
            {"step_id": self.step.id, "name": name, **vals}
        )

    # === DECIDING ===#

    def test_all_green(self):
        results = self._signoffs().action_decide_many("approved")
        self.assertEqual([r["id"] for r in results], self._signoffs().ids)
        self.assertTrue(all(r["done"] for r in results))
        self.assertEqual(set(self.orders.mapped("review_state")), {"approved"})

    def test_the_rest_is_told(self):
        self._add_question()
        asked = self._submit()
        self._add_question("In stock", kind="automatic", check_code="stock_available")
        red = self._submit()
        own = self._create_order(user=self.sales_manager)
        own.sudo().user_id = self.finance_user
        own.with_user(self.sales_manager).action_request_review()
        done = self.orders[0]
        self._approve(done, "Finance", self.finance_user2)
        questioned = self.orders[1]
        self._signoff(questioned, "Finance").with_user(self.finance_user).action_ask("Why?")
        everything = self.orders | asked | red | own
        results = self._by_order(self._signoffs(everything).action_decide_many("approved"))
        for order, pattern in (
            (done, "not open any more"),
            (questioned, "not answered yet"),
            (asked, "please answer first"),
            (red, "look at it yourself.*In stock"),
            (own, "you submitted, created, sell or changed"),
        ):
            self.assertFalse(results[order][0])
            self.assertRegex(results[order][1], f"(?s){pattern}")
        for order in self.orders[2:]:
            self.assertTrue(results[order][0])
            self.assertEqual(order.review_state, "approved")
        second = self._signoffs(asked | red).action_decide_many("approved", None, True)
        self.assertEqual([r["done"] for r in second], [True, False])
        self.assertEqual(self._signoffs(asked).sudo().answer_ids.result, "pass")

    def test_what_fails_alone_does_not_fail_the_others(self):
        """A doubt that a colleague has noted, and the final approver's reason."""
        self._add_question()
        self.step.decision_rule = "all"
        doubted = self._submit()
        answers = [
            {"id": answer.id, "result": "fail"}
            for answer in self._signoff(doubted, "Finance").answer_ids
        ]
        self._approve(doubted, "Finance", self.finance_user2, "I hope so", answers)
        fine = self._submit()
        results = self._by_order(
            self._signoffs(doubted | fine).action_decide_many("approved", None, True)
        )
        self.assertRegex(results[doubted][1], "(?s)why you approve although.*Can they pay")
        self.assertTrue(results[fine][0])

    def test_final_approver_overrules_one_by_one(self):
        final = self._create_step("Boss", reviewer_ids=self.production_user.ids, is_final=True)
        rejected, plain = self._submit(), self._submit()
        self._reject(rejected, "Finance", self.finance_user)
        rejected.action_escalate_decision("They insist")
        self._approve(plain, "Finance", self.finance_user)
        signoffs = self._signoffs(rejected | plain, self.production_user).filtered(
            lambda s: s.step_id == final
        )
        results = self._by_order(signoffs.action_decide_many("approved", None, True))
        self.assertRegex(results[rejected][1], "why you overrule")
        self.assertTrue(results[plain][0])

    def test_rejecting_needs_a_reason(self):
        results = self._signoffs().action_decide_many("rejected", " ")
        self.assertFalse(any(r["done"] for r in results))
        self.assertIn("reason", results[0]["message"])
        results = self._signoffs().action_decide_many("rejected", "Credit stop")
        self.assertTrue(all(r["done"] for r in results))
        self.assertEqual(set(self.orders.mapped("review_state")), {"rejected"})

    def test_one_department_of_an_order(self):
        self._create_step("Production", reviewer_ids=self.finance_user.ids)
        order = self._submit()
        results = self._signoffs(order).action_decide_many("approved")
        self.assertEqual([r["done"] for r in results], [True, False])
        self.assertIn("one person signs for one department", results[1]["message"])

    def test_the_same_twice(self):
        signoff = self._signoffs(self.orders[0])
        results = signoff.browse([signoff.id, signoff.id]).action_decide_many("approved")
        self.assertEqual([r["done"] for r in results], [True])

    def test_absurd_arguments(self):
        for decision in ("maybe", None, 1, {}, [], "pending"):
            with self.assertRaisesRegex(UserError, "whether to approve or to reject"):
                self._signoffs().action_decide_many(decision)
        for comment in (5, {"a": 1}, ["x"], "x" * 10_001):
            with self.assertRaises(UserError):
                self._signoffs().action_decide_many("rejected", comment)
        with self.assertRaises(AccessError):
            self._signoffs(user=self.production_user).action_decide_many("approved")
        self.assertEqual(self._signoffs().browse().action_decide_many("approved"), [])

    def test_queries_do_not_grow_with_the_orders(self):
        def count(orders):
            signoffs = self._signoffs(orders)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            signoffs.action_decide_many("approved")
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(self.orders[0])
        one = count(self.orders[1])
        self.assertLessEqual(count(self.orders[2:]), one + 2)

    def test_screen(self):
        self._add_question()
        asked = self._submit()
        signoffs = self._signoffs(self.orders | asked)
        action = signoffs.action_open_mass_decision()
        wizard = self.env[action["res_model"]].with_user(self.finance_user).browse(action["res_id"])
        self.assertEqual((wizard.green_count, wizard.question_count), (4, 1))
        self.assertIn("please answer first", wizard.rest)
        wizard.all_in_order = True
        self.assertEqual((wizard.green_count, wizard.rest), (5, ""))
        shown = wizard.action_approve()
        result = self.env[shown["res_model"]].with_user(self.finance_user).browse(shown["res_id"])
        self.assertEqual(result.summary, "5 done, 0 left")
        self.assertEqual(len(result.line_ids), 5)
        opened = result.line_ids[0].action_open()
        self.assertEqual(opened["res_model"], "order.signoff")

    def test_screens_belong_to_who_opened_them(self):
        action = self._signoffs().action_open_mass_decision()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        with self.assertRaises(AccessError):
            wizard.with_user(self.finance_user2).action_approve()
        with self.assertRaises(AccessError):
            self._signoffs(user=self.employee).action_open_mass_decision()

    # === CONFIRMING ===#

    def test_confirm_with_a_result_each(self):
        self._signoffs(self.orders[:2]).action_decide_many("approved")
        self._signoffs(self.orders[2]).action_decide_many("rejected", "Credit stop")
        confirmed = self._create_order()
        self._signoffs(confirmed)
        confirmed.sudo().action_cancel()
        everything = (self.orders | confirmed).with_user(self.salesperson)
        results = {r["id"]: (r["done"], r["message"]) for r in everything.action_confirm_released()}
        self.assertEqual([results[o.id][0] for o in self.orders], [True, True, False, False])
        self.assertEqual(self.orders.mapped("state"), ["sale", "sale", "draft", "draft"], results)
        self.assertIn("Credit stop", results[self.orders[2].id][1])
        self.assertIn("waiting for: Finance", results[self.orders[3].id][1])
        self.assertIn("no quotation any more", results[confirmed.id][1])

    def test_one_that_fails_does_not_stop_the_others(self):
        self._signoffs().action_decide_many("approved")
        bad = self.orders[1]
        original = type(bad)._action_confirm

        def fail(orders):
            if bad in orders:
                raise ValueError("secret detail of the server")
            return original(orders)

        self.patch(type(bad), "_action_confirm", fail)
        with self.assertLogs("odoo.addons.order_process_control", "ERROR"):
            results = self.orders.with_user(self.salesperson).action_confirm_released()
        self.assertEqual([r["done"] for r in results], [True, False, True, True])
        self.assertNotIn("secret", results[1]["message"])
        self.assertEqual(bad.state, "draft")

    def test_who_confirms(self):
        for user in (self.finance_user, self.other_salesperson, self.employee):
            with self.assertRaises(AccessError):
                self.orders.with_user(user).action_confirm_released()

    def test_confirm_on_the_screen(self):
        self._signoffs(self.orders[:1]).action_decide_many("approved")
        shown = self.orders.with_user(self.salesperson).action_confirm_released_with_result()
        result = self.env[shown["res_model"]].with_user(self.salesperson).browse(shown["res_id"])
        self.assertEqual(result.summary, "1 done, 3 left")
