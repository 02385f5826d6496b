import json
from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestExplanation(RoundsCommon):
    """Why is this order gated, who is next, until when."""

    def _explain(self, order, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        explanation = order.with_user(user or self.salesperson).action_explain_gate()
        # The JSON-2 API carries it
        self.assertEqual(json.loads(json.dumps(explanation)), explanation)
        return explanation

    def _lines(self, explanation):
        return "\n".join(
            line
            for section in explanation["sections"]
            for line in [section["title"], *section["lines"]]
        )

    def _reasons(self, explanation):
        return {d["name"]: " ".join(d["reasons"]) for d in explanation["departments"]}

    # === WHY ===#

    def test_no_review_needed(self):
        self._create_step(
            "Finance", self.finance, condition_domain="[('amount_total', '>', 100000)]"
        )
        explanation = self._explain(self._create_order())
        self.assertEqual(
            (explanation["state"], explanation["needs_review"], explanation["departments"]),
            ("not_required", False, []),
        )
        self.assertEqual((explanation["missing"], explanation["next"]), ([], []))
        self.assertIn("No department has to sign it", self._lines(explanation))

    def test_why_each_department(self):
        special = self.env["order.class"].create(
            {"name": "Odd", "sequence": -1, "match_domain": "[('is_must_accept', '=', True)]"}
        )
        self._create_step("Sales", reviewer_ids=self.sales_manager.ids, sequence=1)
        self._create_step("Finance", self.finance, class_ids=special.ids)
        self._create_step(
            "Production",
            self.production,
            sequence=20,
            condition_domain="['|', ('is_important', '=', True), ('amount_untaxed', '>=', 150)]",
        )
        self._create_step("Board", condition_domain="[('is_important', '=', True)]")
        explanation = self._explain(self._create_order(is_must_accept=True))
        self.assertEqual(
            self._reasons(explanation),
            {
                "Sales": "It signs every order.",
                "Finance": "It signs orders of the class Odd.",
                # Only what this order meets
                "Production": "It signs when Untaxed Amount is at least $\xa0150.00.",
            },
        )
        self.assertEqual(
            explanation["class"],
            {
                "name": "Odd",
                "is_manual": False,
                "by_rule": "Odd",
                "rule": "Must be Accepted is ticked",
            },
        )
        self.assertTrue(explanation["needs_review"])
        self.assertEqual([d["state"] for d in explanation["departments"]], ["not_asked"] * 3)
        self.assertEqual(
            [(turn["department"], turn["is_asked"]) for turn in explanation["next"]],
            [("Salesperson", True), ("Sales", False)],
        )
        self.assertIn("Must be Accepted is ticked", self._lines(explanation))

    def test_class_chosen_by_hand(self):
        odd, plain = self.env["order.class"].create(
            [{"name": "Odd"}, {"name": "Plain", "sequence": -1, "match_domain": "[]"}]
        )
        self._create_step("Finance", self.finance, class_ids=odd.ids)
        self._create_step("Production", self.production, class_ids=plain.ids)
        explanation = self._explain(self._create_order(class_id=odd.id))
        self.assertEqual(
            (explanation["class"]["is_manual"], explanation["class"]["by_rule"]), (True, "Plain")
        )
        self.assertEqual(
            self._reasons(explanation),
            {
                "Finance": "It signs orders of the class Odd.",
                "Production": "It signs orders of the class Plain.",
            },
        )
        self.assertIn("chosen by hand", self._lines(explanation))

    def test_asked_once_before(self):
        step = self._create_step(
            "Finance", self.finance, condition_domain="[('is_important', '=', True)]"
        )
        self._create_step("Production", self.production)
        order = self._submit(is_important=True)
        order.with_user(self.salesperson).is_important = False
        explanation = self._explain(order)
        self.assertEqual(explanation["state"], "outdated")
        self.assertIn("asked in an earlier round", self._reasons(explanation)[step.name])

    def test_rule_that_cannot_be_read(self):
        step = self._create_step("Finance", self.finance, condition_domain="[]")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE order_review_step SET condition_domain = '[(broken' WHERE id = %s", [step.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.order_process_control", "ERROR"):
            explanation = self._explain(self._create_order())
        self.assertIn("cannot be read", self._reasons(explanation)["Finance"])

    def test_split_orders(self):
        self.company.order_split_days = 30
        step = self._create_step(
            "Finance", self.finance, condition_domain="[('amount_untaxed', '>=', 500)]"
        )
        mine, foreign = self._create_order(), self._create_order(user=self.other_salesperson)
        mine.action_confirm()
        foreign.action_confirm()
        order = self._create_order()
        split = self._explain(order)["split"]
        self.assertEqual(
            split,
            {
                "days": 30,
                "own": 200.0,
                "others": 400.0,
                "total": 600.0,
                "currency": self.company.currency_id.name,
                "count": 2,
                # The order of a colleague is counted and not named
                "orders": [mine.name],
                "decides": True,
            },
        )
        lines = self._lines(self._explain(order))
        self.assertIn("+ 2 confirmed before", lines)
        self.assertNotIn(foreign.name, lines)
        step.condition_domain = "[('amount_untaxed', '>=', 100)]"
        self.assertFalse(self._explain(order)["split"]["decides"])
        self.company.order_split_days = 0
        self.assertIsNone(self._explain(order)["split"])

    # === WHO IS NEXT ===#

    def test_in_review(self):
        self._create_step("Finance", self.finance)
        self._create_step("Production", self.production, sequence=20)
        order = self._submit()
        self.env["order.deputy"].create(
            {
                "user_id": self.finance_user.id,
                "deputy_id": self.sales_manager.id,
                "date_from": fields.Date.today(),
                "date_to": fields.Date.today(),
            }
        )
        explanation = self._explain(order)
        self.assertEqual(explanation["state"], "in_review")
        self.assertEqual([d["state"] for d in explanation["departments"]], ["pending", "waiting"])
        (turn,) = explanation["next"]
        self.assertEqual(turn["department"], "Finance")
        people = {person["name"]: person for person in turn["people"]}
        self.assertEqual(set(people), {"opc_fin", "opc_fin2", "opc_sales_mgr"})
        self.assertEqual(people["opc_sales_mgr"]["stands_in_for"], ["opc_fin"])
        self.assertEqual(people["opc_sales_mgr"]["right"], "Deputy")
        signoff = self._signoff(order, "Finance")
        self.assertEqual(turn["since"], fields.Datetime.to_string(signoff.pending_since))
        due = [s.deadline_at for s in (self._signoff(order, "Finance"), order)]
        self.assertEqual([turn["until"], explanation["until"]], [str(moment) for moment in due])
        self.assertIn("opc_sales_mgr (for opc_fin)", self._lines(explanation))
        signoff.with_user(self.finance_user2).action_ask("Paid?")
        self.assertEqual(self._explain(order)["next"][0]["question"], "Paid?")

    def test_until_when_is_the_clocks(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        moment = fields.Datetime.to_datetime("2040-01-01 10:00:00")
        self.patch(self.registry["sale.order"], "_get_explanation_until", lambda *args: moment)
        explanation = self._explain(order)
        self.assertEqual(explanation["until"], "2040-01-01 10:00:00")
        self.assertEqual(explanation["next"][0]["until"], "2040-01-01 10:00:00")
        self.assertIn("Until When", self._lines(explanation))

    def test_rejected_approved_confirmed(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        self._reject(order, "Finance", self.finance_user, "Not solvent")
        explanation = self._explain(order)
        self.assertEqual(explanation["departments"][0]["state"], "rejected")
        self.assertIn("Finance (Rejected, opc_fin)", self._lines(explanation))
        order.with_user(self.salesperson).order_line.price_unit = 120
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        explanation = self._explain(order)
        self.assertEqual((explanation["state"], explanation["needs_review"]), ("approved", False))
        self.assertEqual(explanation["next"][0]["people"][0]["name"], self.salesperson.name)
        order.action_confirm()
        explanation = self._explain(order)
        self.assertEqual((explanation["is_open"], explanation["next"]), (False, []))
        self.assertEqual(explanation["departments"][0]["who"], "opc_fin")

    # === WHAT IS MISSING, WHAT WAS LET PASS ===#

    def test_missing(self):
        self._create_step("Finance", self.finance)
        order = self._create_order(medium_id=False, commitment_date="2020-01-01 10:00:00")
        missing = " ".join(self._explain(order)["missing"])
        self.assertIn("through which channel", missing)
        self.assertIn("in the past", missing)

    def test_exempted(self):
        self._create_step("Finance", self.finance)
        order = self._create_order()
        order.with_user(self.process_manager).action_exempt_review("Board decided")
        exempted = self._explain(order)["exempted"]
        self.assertEqual((exempted["reason"], exempted["by"]), ("Board decided", "opc_mgr"))
        self.assertTrue(exempted["at"] and exempted["holds"])
        self.assertFalse(self._explain(order)["needs_review"])
        order.with_user(self.salesperson).order_line.price_unit = 1
        explanation = self._explain(order)
        self.assertEqual(
            (explanation["exempted"]["holds"], explanation["needs_review"]), (False, True)
        )
        self.assertIn("changed since", self._lines(explanation))

    def test_approval_that_is_too_old(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self.company.order_release_days = 5
        self.assertFalse(self._explain(order)["needs_review"])
        order.sudo().current_review_id.decided_at = "2020-01-01 10:00:00"
        explanation = self._explain(order)
        self.assertEqual((explanation["has_lapsed"], explanation["needs_review"]), (True, True))
        self.assertIn("too old", self._lines(explanation))
        self.assertEqual(explanation["next"][-1]["department"], "Finance")

    def test_accepted_although(self):
        step = self._create_step("Finance", self.finance, tolerance_percent=10)
        self.env["order.review.criterion"].create({"step_id": step.id, "name": "Solvent?"})
        order = self._submit()
        answer = self._signoff(order, "Finance").answer_ids
        self._approve(
            order, "Finance", self.finance_user, "Old friend", [{"id": answer.id, "result": "fail"}]
        )
        order.with_user(self.salesperson).order_line.price_unit = 101
        accepted = " ".join(self._explain(order)["accepted"])
        self.assertIn("Finance approved although this is not in order: Solvent?", accepted)
        self.assertIn("within what the departments tolerate", accepted)

    # === WHO MAY ASK ===#

    def test_who_may_ask(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        for user in (self.finance_user, self.auditor, self.sales_manager, self.salesperson):
            self.assertEqual(self._explain(order, user)["state"], "in_review")
        for user in (self.employee, self.other_salesperson, self.production_user):
            with self.assertRaises(AccessError):
                self._explain(order, user)
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        order.with_user(portal).read(["name"])
        with self.assertRaisesRegex(AccessError, "colleagues"):
            self._explain(order, portal)
        with self.assertRaises(UserError):
            (order | order.copy()).with_user(self.salesperson).action_explain_gate()
        with self.assertRaises(UserError):
            order.browse().action_explain_gate()

    # === QUERIES ===#

    @contextmanager
    def _counting(self):
        self.env.flush_all()
        self.env.invalidate_all()
        counted, before = [], self.env.cr.sql_log_count
        yield counted
        counted.append(self.env.cr.sql_log_count - before)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (1, 6):
            users = self.env["res.users"].concat(
                *(self._create_reviewer(f"opc_{number}_{i}") for i in range(number))
            )
            for i in range(number):
                self._create_step(
                    f"Step {number} {i}",
                    reviewer_ids=users.ids,
                    condition_domain="['|', ('amount_total', '>', 1), ('is_important', '=', True)]",
                )
            order = self._submit()
            for _warm in range(2):
                with self._counting() as counted:
                    order.with_user(self.salesperson).action_explain_gate()
            counts += counted
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 25)
