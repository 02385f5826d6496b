from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.review.fact import FAIL, PASS, Fact, Source
from .rounds import RoundsCommon

CRITERION = "odoo.addons.order_process_control.models.review.order_review_criterion"


class FactsCommon(RoundsCommon):
    """A step whose facts the test decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.Criterion = cls.env["order.review.criterion"]
        cls.criterion = cls._add_fact(cls.step)

    @classmethod
    def _add_fact(cls, step, **vals):
        return cls.Criterion.create(
            {
                "step_id": step.id,
                "name": "Good for the money",
                "kind": "automatic",
                "check_code": "stock_available",
                **vals,
            }
        )

    def _find(self, result, evidence="owes 12,300", **details):
        """Let the check find this for every order."""
        check = self.patch(
            type(self.Criterion),
            "_check_stock_available",
            lambda self, orders: dict.fromkeys(orders._ids, Fact(result, evidence, **details)),
        )
        return check

    def _answer(self, order, name="Finance"):
        return self._signoff(order, name).answer_ids


@tagged("post_install", "-at_install")
class TestFacts(FactsCommon):
    """What Odoo looks up is kept with its figures, for whom it may concern."""

    def test_database_error_spoils_no_other_check(self):
        self._add_fact(self.step, name="Broken", threshold=1.0)

        def look(self, orders):
            if self.threshold:
                self.env.cr.execute("SELECT nothing FROM nowhere")
            return dict.fromkeys(orders._ids, Fact(PASS, "owes nothing"))

        self.patch(type(self.Criterion), "_check_stock_available", look)
        with mute_logger("odoo.sql_db"):
            order = self._submit()
        by_name = {answer.name: answer for answer in self._answer(order)}
        self.assertEqual(by_name["Good for the money"].result, "pass")
        self.assertEqual(by_name["Broken"].result, "unknown")
        self.assertIn("Could not be checked", by_name["Broken"].evidence)
        with self.assertRaisesRegex(UserError, "why you approve although.*\n- Broken"):
            self._approve(order, "Finance", self.finance_user)

    @mute_logger(CRITERION)
    def test_incomplete_check_is_unknown(self):
        self.patch(type(self.Criterion), "_check_stock_available", lambda self, orders: {})
        self.assertEqual(self._answer(self._submit()).result, "unknown")

    def test_threshold_belongs_to_the_criterion(self):
        self._add_fact(self.step, name="Strict", threshold=5.0)
        self.patch(
            type(self.Criterion),
            "_check_stock_available",
            lambda self, orders: dict.fromkeys(orders._ids, Fact(PASS, f"limit {self.threshold}")),
        )
        found = self._answer(self._submit())
        self.assertEqual(found.mapped("evidence"), ["limit 0.0", "limit 5.0"])

    def test_equal_checks_run_once(self):
        self._add_fact(self._create_step("Production", self.production))
        runs = []

        def look(self, orders):
            runs.append(orders)
            return dict.fromkeys(orders._ids, Fact(PASS, "fine"))

        self.patch(type(self.Criterion), "_check_stock_available", look)
        self._submit()
        self.assertEqual(len(runs), 1)

    # === BLOCKING ===#

    def test_blocking_fact_refuses_submission(self):
        self.criterion.blocking = True
        self._find(FAIL)
        order, other = self._create_order(), self._create_order()
        with self.assertRaisesRegex(UserError, f"{order.name}: Good for the money: owes 12,300"):
            (order | other).action_request_review()
        self.assertFalse((order | other).sudo().review_ids)
        self._find("unknown", "Could not be checked: no figures")
        order.action_request_review()
        self.assertEqual(order.review_state, "in_review")

    def test_blocking_fact_does_not_turn_the_customer_away(self):
        self.criterion.blocking = True
        self._find(FAIL)
        order = self._create_order()
        order.action_quotation_sent()
        order.sudo()._validate_order()
        self.assertEqual(order.review_state, "in_review")
        self.assertEqual(self._answer(order).result, "fail")

    def test_blocking_fact_that_others_read(self):
        self.criterion.write({"blocking": True, "visibility": "department"})
        self._find(FAIL)
        with self.assertRaisesRegex(UserError, "Good for the money: Only Finance sees") as refusal:
            self._submit()
        self.assertNotIn("12,300", str(refusal.exception))

    # === VISIBILITY AND SOURCES ===#

    def _find_invoices(self, **vals):
        self.criterion.write(vals)
        domain = [["partner_id", "=", self.customer.id]]
        source = Source("Open Invoices", "account.move", domain)
        self._find(FAIL, sources=(source,), figures={"open": 12300})
        return self._answer(self._submit())

    def test_everyone_on_the_order(self):
        self._add_fact(self._create_step("Production", self.production))
        answer = self._find_invoices()
        for user in (self.salesperson, self.production_user, self.finance_user, self.auditor):
            self.assertEqual(answer.with_user(user).evidence, "owes 12,300")

    def test_department_and_managers(self):
        self._add_fact(self._create_step("Production", self.production))
        answer = self._find_invoices(visibility="department").filtered(
            lambda a: a.signoff_id.name == "Finance"
        )
        for user in (self.finance_user, self.finance_user2, self.process_manager, self.auditor):
            self.assertEqual(answer.with_user(user).evidence, "owes 12,300", user.login)
        for user in (self.salesperson, self.production_user, self.sales_manager):
            hidden = answer.with_user(user)
            self.assertEqual(hidden.evidence, "Only Finance sees the figures.", user.login)
            self.assertEqual(hidden.result, "fail")
            with self.assertRaisesRegex(UserError, "no records behind"):
                hidden.action_open_source()
            for name in ("kept_evidence", "figures", "sources"):
                with self.assertRaises(AccessError):
                    hidden.read([name])
                with self.assertRaises(AccessError):
                    hidden.search([(name, "!=", False)])

    def test_sources_open_with_the_rights_of_the_reader(self):
        answer = self._find_invoices()
        with self.assertRaisesRegex(UserError, "no access to “Open Invoices”"):
            answer.with_user(self.finance_user).action_open_source()
        self.finance_user.group_ids += self.env.ref("account.group_account_invoice")
        action = answer.with_user(self.finance_user).action_open_source()
        self.assertEqual(action["domain"], [["partner_id", "=", self.customer.id]])
        for number in (1, -1, "0", None):
            with self.assertRaisesRegex(UserError, "no records behind"):
                answer.with_user(self.finance_user).action_open_source(number)

    # === FRESHNESS ===#

    def test_decision_screen_looks_again(self):
        self._find(FAIL)
        order = self._submit()
        self._find(PASS, "has paid")
        self._signoff(order, "Finance").with_user(self.finance_user).action_open_decision()
        self.assertEqual(self._answer(order).evidence, "has paid")

    def test_nobody_else_makes_it_look_again(self):
        self._find(FAIL)
        order = self._submit()
        self._find(PASS, "has paid")
        with self.assertRaises(UserError):
            self._signoff(order, "Finance").with_user(self.employee).action_open_decision()
        self.assertEqual(self._answer(order).result, "fail")

    def test_tolerated_change_is_looked_up(self):
        self.step.tolerance_percent = 60
        self._find(FAIL)
        order = self._submit()
        self._find(PASS, "needs less")
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.review_state, "in_review")
        self.assertEqual(self._answer(order).evidence, "needs less")

    def test_decided_answers_stay(self):
        self._create_step("Production", self.production)
        self._find(FAIL)
        order = self._submit()
        self._approve(order, "Finance", self.finance_user, "They always pay")
        self._find(PASS, "has paid")
        self._signoff(order, "Finance")._refresh_facts()
        self.assertEqual(self._answer(order).evidence, "owes 12,300")

    def test_mass_decision_looks_again(self):
        self._find(PASS, "has paid")
        order = self._submit()
        self._find(FAIL)
        (result,) = (
            self._signoff(order, "Finance")
            .with_user(self.finance_user)
            .action_decide_many("approved")
        )
        self.assertIn("look at it yourself", result["message"])

    # === BEFORE SUBMITTING ===#

    def test_preview(self):
        self._add_fact(
            self._create_step("Production", self.production), visibility="department", name="Idle?"
        )
        self._find(FAIL)
        order = self._create_order()
        action = order.action_preview_review()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertRecordValues(
            preview.line_ids,
            [
                {"step": "Finance", "result": "fail", "evidence": "owes 12,300"},
                {
                    "step": "Production",
                    "result": "fail",
                    "evidence": "Only Production sees the figures.",
                },
            ],
        )
        self.assertFalse(order.sudo().review_ids)

    def test_preview_of_an_order_that_is_not_yours(self):
        order = self._create_order()
        with self.assertRaises(AccessError):
            order.with_user(self.employee).action_preview_review()
        with self.assertRaises(AccessError):
            self.env["order.review.preview"].with_user(self.other_salesperson).create(
                {"order_id": order.id}
            )


@tagged("post_install", "-at_install")
class TestSignsItself(FactsCommon):
    """Facts before opinions: nobody is asked when every fact is in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step.auto_approve = True

    def test_green_order_is_released_at_once(self):
        self._find(PASS, "owes nothing")
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        self.assertRecordValues(
            signoff,
            [{"state": "approved", "signed_by_system": True, "decided_by": False}],
        )
        self.assertTrue(signoff.comment and signoff.decided_at)
        self.assertFalse(self._bells(signoff))
        self.assertEqual(order.review_state, "approved")
        self.assertIn("signed_by_system", self._kinds(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._assert_ledger_intact(order)

    def test_anything_else_asks_people(self):
        for result in ("warn", "fail", "unknown"):
            self._find(result)
            order = self._submit()
            self.assertEqual(self._states(order), {"Finance": "pending"})
            self.assertIn(self.finance_user, self._bells(self._signoff(order, "Finance")))

    def test_no_facts_no_signature(self):
        self.criterion.unlink()
        self.assertEqual(self._states(self._submit()), {"Finance": "pending"})

    def test_mandatory_question_asks_people(self):
        self._find(PASS)
        question = self.Criterion.create({"step_id": self.step.id, "name": "Do you like them?"})
        self.assertEqual(self._states(self._submit()), {"Finance": "pending"})
        question.is_required = False
        self.assertEqual(self._states(self._submit()), {"Finance": "approved"})

    def test_one_after_the_other(self):
        self._create_step("Production", self.production, sequence=20)
        logistics = self._create_step("Logistics", self.production, sequence=30, auto_approve=True)
        self._add_fact(logistics)
        self._find(PASS)
        order = self._submit()
        self.assertEqual(
            self._states(order),
            {"Finance": "approved", "Production": "pending", "Logistics": "waiting"},
        )
        self._approve(order, "Production", self.production_user)
        self.assertEqual(order.review_state, "approved")
        self._assert_ledger_intact(order)

    def test_facts_are_fresh_when_the_turn_comes(self):
        self._create_step("Production", self.production, sequence=5)
        self._find(PASS)
        order = self._submit()
        self._find(FAIL)
        self._approve(order, "Production", self.production_user)
        self.assertEqual(self._states(order)["Finance"], "pending")
        self.assertIn(self.finance_user, self._bells(self._signoff(order, "Finance")))

    def test_another_content_is_looked_up_anew(self):
        self.step.tolerance_percent = 60
        self._find(PASS)
        order = self._submit()
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.review_state, "outdated")
        self._find(FAIL)
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "pending"})

    def test_overruling_is_done_by_people(self):
        production = self._create_step("Production", self.production)
        final = self._create_step(
            "General Manager", reviewer_ids=self.process_manager.ids, is_final=True
        )
        final.auto_approve = True
        self._add_fact(final)
        self._find(PASS)
        order = self._submit()
        self._reject(order, production.name, self.production_user)
        order.action_escalate_decision("The customer insists")
        self.assertEqual(self._states(order)["General Manager"], "pending")

    def test_nobody_takes_it_back(self):
        self._find(PASS)
        order = self._submit()
        with self.assertRaises(UserError):
            self._signoff(order, "Finance").with_user(self.finance_user).action_undo()
