from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestExemptedOrderOnScreen(RoundsCommon):
    """What was exempted reads as released, as long as it stays as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()

    def _exempt(self, order):
        order.with_user(self.process_manager).action_exempt_review("The board decided")
        self.env.flush_all()
        self.env.invalidate_all()

    def _find(self, state):
        found = self.env["sale.order"].with_user(self.salesperson)
        return found.search([("id", "=", self.order.id), ("review_state", "=", state)])

    def _assert_state(self, state, others=("to_submit", "rejected", "not_required", "approved")):
        self.assertEqual(self.order.review_state, state)
        self.assertTrue(self._find(state))
        for other in set(others) - {state}:
            self.assertFalse(self._find(other), other)

    def test_draft(self):
        self._assert_state("to_submit")
        self._exempt(self.order)
        self._assert_state("approved")
        exemption = self.order.review_strip["exemption"]
        self.assertEqual(
            (exemption["who"], exemption["reason"], exemption["holds"]),
            (self.process_manager.name, "The board decided", True),
        )

    def test_not_any_more_when_it_changes(self):
        self._exempt(self.order)
        self.order.order_line.price_unit = 1
        self._assert_state("to_submit")
        self.assertFalse(self.order.review_strip["exemption"]["holds"])
        self.order.action_request_review()
        self.assertNotIn("exemption", self.order.review_strip)

    def test_rejected_before(self):
        self.order.action_request_review()
        self._reject(self.order, "Finance", self.finance_user)
        self._assert_state("rejected")
        self._exempt(self.order)
        self._assert_state("approved")
        self.order.order_line.price_unit = 1
        self._assert_state("rejected")
        self._exempt(self.order)
        self.order.action_confirm()
        self._assert_state("not_required")
        self.assertTrue(self.order.review_strip["exemption"]["holds"])

    def test_many_at_once_say_the_same(self):
        other = self._create_order()
        self._exempt(self.order | other)
        other.order_line.price_unit = 1
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((self.order | other).mapped("review_state"), ["approved", "to_submit"])

    def test_who_has_no_part_in_reviews_is_told_nothing(self):
        self._exempt(self.order)
        keeper = self._create_user("opc_keeper", "stock.group_stock_user")
        order = self.order.with_user(keeper)
        self.assertNotIn("exemption", order.review_strip)


@tagged("post_install", "-at_install")
class TestSignerScreens(RoundsCommon):
    """What signers are told before they decide, and what they can do after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        questions = [
            Command.create({"name": "Is it paid?"}),
            Command.create({"name": "Is it pretty?", "is_required": False}),
        ]
        cls._create_step("Finance", cls.finance, 10, criterion_ids=questions)
        cls._create_step("Production", cls.production, 20)
        cls.order = cls._create_order()

    def _open(self, name, user, order=None):
        signoff = self._signoff(order or self.order, name).with_user(user)
        action = signoff.action_open_decision()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def _sign_finance(self, **details):
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        answers = [{"id": a.id, "result": "pass"} for a in signoff.answer_ids]
        signoff.action_approve("Watch the deposit", answers, details)
        return signoff

    def test_a_decision_is_told_and_can_be_taken_back(self):
        self.order.action_request_review()
        wizard = self._open("Finance", self.finance_user)
        wizard.line_ids.result = "pass"
        params = wizard.action_approve()["params"]
        self.assertTrue(params["can_undo"])
        self.assertIn("Approved", params["title"])
        signoff = self._signoff(self.order, "Finance")
        self.assertEqual(params["signoff_id"], signoff.id)
        signoff.with_user(self.finance_user).action_undo()
        self.assertEqual(signoff.state, "pending")
        wizard = self._open("Finance", self.finance_user)
        wizard.comment = "No"
        self.assertIn("Rejected", wizard.action_reject()["params"]["title"])

    def test_what_was_typed_is_kept_for_the_same_person(self):
        self.order.action_request_review()
        wizard = self._open("Finance", self.finance_user)
        wizard.comment = "Half a thought"
        wizard.line_ids[0].write({"result": "pass", "note": "see bank"})
        wizard.action_ask()
        wizard.signoff_id.action_ask("Which bank?")
        again = self._open("Finance", self.finance_user)
        self.assertEqual(again, wizard)
        self.assertEqual(again.line_ids[0].note, "see bank")
        other = self._open("Finance", self.finance_user2)
        self.assertNotEqual(other, wizard)
        self.assertFalse(other.comment)

    def test_mandatory_questions_are_marked(self):
        self.order.action_request_review()
        wizard = self._open("Finance", self.finance_user)
        self.assertEqual(wizard.line_ids.mapped("label"), ["Is it paid? *", "Is it pretty?"])
        self.assertTrue(wizard.has_required)

    def test_the_next_department_reads_what_was_said(self):
        self.order.action_request_review()
        self.assertFalse(self._open("Finance", self.finance_user).remarks_summary)
        self._sign_finance(
            lead_time_days=3, proposed_date="2030-01-02", open_points=[{"name": "Get the deposit"}]
        )
        summary = self._open("Production", self.production_user).remarks_summary
        for text in ("Watch the deposit", "3", "Jan 2, 2030", "Get the deposit"):
            self.assertIn(text, summary)
        chip = self.order.review_strip["rounds"][0]["signoffs"][0]
        self.assertEqual(
            [(point["name"], point["state"], point["who"]) for point in chip["points"]],
            [("Get the deposit", "open", self.salesperson.name)],
        )

    def test_carried_over_signature_keeps_its_points(self):
        self.env["order.review.step"].search([("name", "=", "Finance")]).watched_aspects = "price"
        self.order.action_request_review()
        self._sign_finance(open_points=[{"name": "Get the deposit"}])
        self.order.commitment_date += timedelta(days=3)
        self.order.action_request_review()
        chip = self.order.review_strip["rounds"][0]["signoffs"][0]
        self.assertEqual((chip["name"], chip["carried"]), ("Finance", 1))
        self.assertEqual([point["name"] for point in chip["points"]], ["Get the deposit"])

    def test_questions_and_answers_are_on_the_page(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance")
        signoff.with_user(self.finance_user).action_ask("Which bank?")
        self.env.invalidate_all()
        self.assertEqual(signoff.with_user(self.finance_user).row_note, "Sales was asked.")
        signoff.with_user(self.salesperson).action_answer("The blue one")
        self.env.invalidate_all()
        chip = self.order.review_strip["rounds"][0]["signoffs"][0]
        self.assertEqual(
            [(q["question"], q["asked_by"], q["answer"]) for q in chip["questions"]],
            [("Which bank?", self.finance_user.name, "The blue one")],
        )

    def test_the_page_of_one_and_of_many_orders_say_the_same(self):
        other = self._create_order()
        orders = self.order | other
        orders.action_request_review()
        self._sign_finance(open_points=[{"name": "Get the deposit"}])
        other.action_withdraw_review()
        self.env.flush_all()
        self.env.invalidate_all()
        together = [order.review_strip for order in orders]
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("review_strip"), together)
        self.assertEqual(together[1]["rounds"][0]["state_label"], "Withdrawn")
        self.env.invalidate_all()
        self.assertEqual(other.sudo().review_ids.outcome, "Withdrawn")

    def test_cancelled_is_not_withdrawn(self):
        self.order.action_request_review()
        self.order.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.order.sudo().review_ids.outcome, "Cancelled")

    def test_for_whom_one_signs(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Production")
        self.assertFalse(signoff.with_user(self.finance_user).signing_for)
        finance = self._signoff(self.order, "Finance").with_user(self.finance_user)
        self.assertFalse(finance.signing_for)
        today = fields.Date.today()
        self.env["order.deputy"].create(
            {
                "user_id": self.production_user.id,
                "deputy_id": self.finance_user2.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
                "company_id": self.company.id,
            }
        )
        self._sign_finance()
        self.env.invalidate_all()
        self.assertEqual(
            signoff.with_user(self.finance_user2).signing_for,
            f"You sign as deputy of {self.production_user.name}.",
        )
        self.assertFalse(signoff.with_user(self.production_user).signing_for)

    def test_delegates_are_those_who_may(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        action = signoff.action_open_delegation()
        wizard = self.env[action["res_model"]].with_user(self.finance_user)
        possible = wizard.browse(action["res_id"]).delegate_ids
        self.assertIn(self.production_user, possible)
        for user in (self.finance_user, self.salesperson, self.employee, self.auditor):
            self.assertNotIn(user, possible)
        until = fields.Date.to_string(fields.Date.today() + timedelta(days=1))
        for user, problem in (
            (self.salesperson, "they submitted, created"),
            (self.employee, "they lack the right"),
        ):
            with self.assertRaises(UserError) as refusal:
                signoff.action_delegate(user.id, until)
            self.assertIn(problem, str(refusal.exception))
            self.assertEqual(str(refusal.exception).count("they "), 1)

    def test_my_signoffs_are_mine_whatever_is_filtered(self):
        self.order.action_request_review()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_signoff_action_mine"
        )
        signoffs = self.env["order.signoff"]
        for user, expected in (
            (self.finance_user, ["Finance"]),
            (self.production_user, []),
            (self.sales_manager, []),
        ):
            found = signoffs.with_user(user).search(safe_eval(action["domain"]))
            found = found.filtered(lambda s: s.order_id == self.order)
            self.assertEqual(found.mapped("name"), expected, user.login)

    def test_the_app_opens_where_one_works(self):
        self.order.action_request_review()
        for user, path in (
            (self.finance_user, "my-signoffs"),
            (self.salesperson, "orders-in-process"),
            (self.auditor, "orders-in-process"),
        ):
            action = self.env["order.signoff"].with_user(user)._get_landing_action()
            self.assertEqual(action["path"], path, user.login)

    def test_taken_date_is_told(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        signoff.action_reject("Not before", details={"proposed_date": "2035-03-04"})
        notice = self.order.action_take_offered_date()
        self.assertIn("Mar 4, 2035", notice["params"]["message"])
        self.assertEqual(notice["params"]["next"]["type"], "ir.actions.act_window_close")


@tagged("post_install", "-at_install")
class TestOverrulingOnScreen(RoundsCommon):
    """R-082: the final approver reads what is to be overruled, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_reviewer("opc_boss")
        cls._create_step("Finance", cls.finance, 10)
        cls._create_step("Boss", sequence=20, reviewer_ids=cls.boss.ids, is_final=True)
        cls.order = cls._create_order()
        cls.order.action_request_review()

    def _chip(self):
        self.env.invalidate_all()
        chips = self.order.review_strip["rounds"][0]["signoffs"]
        return next(chip for chip in chips if chip["name"] == "Finance")

    def test_told(self):
        self.assertFalse(self._signoff(self.order, "Finance").overruling)
        self._reject(self.order, "Finance", self.finance_user, "Owes us money")
        self.order.action_escalate_decision("They take it or leave it")
        signoff = self._signoff(self.order, "Boss").with_user(self.boss)
        action = signoff.action_open_decision()
        wizard = self.env[action["res_model"]].with_user(self.boss).browse(action["res_id"])
        self.assertTrue(wizard.is_overruling)
        for text in (self.finance_user.name, "Finance", "Owes us money", "They take it or leave"):
            self.assertIn(text, wizard.overruling)
        self.assertEqual(self._chip()["state_label"], "Rejected, to be Overruled")
        self.assertEqual(self._chip()["who"], self.finance_user.name)
        self.assertEqual(self._chip()["comment"], "Owes us money")
        wizard.comment = "Strategic"
        wizard.action_approve()
        self.assertEqual(self._chip()["state_label"], "Overruled")

    def test_upheld(self):
        self._reject(self.order, "Finance", self.finance_user, "Owes us money")
        self.order.action_escalate_decision("They take it or leave it")
        self._reject(self.order, "Boss", self.boss, "Right so")
        self.assertEqual(self._chip()["state_label"], "Rejection Upheld")


@tagged("post_install", "-at_install")
class TestLedgerOnScreen(RoundsCommon):
    """An auditor opens a ledger, reads it and verifies it there."""

    def test_entries_in_words(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        ledger = order.ledger_ids.with_user(self.auditor)
        kinds = dict(self.env["order.event"]._fields["kind"]._description_selection(self.env))
        told = [(kinds[event.kind], event.detail) for event in ledger.event_ids]
        self.assertIn(("Approved by a Department", f"{order.name}: Finance"), told)
        self.assertIn(("Review Requested", f"{order.name}, round 1"), told)
        self.assertEqual(ledger.action_verify()["params"]["type"], "success")

    def test_sheet_has_the_buttons(self):
        arch = self.env["sale.order"].with_user(self.auditor).get_view(view_type="form")["arch"]
        buttons = etree.fromstring(arch).xpath("//button[@name='action_verify_ledger']")
        self.assertTrue(buttons)


@tagged("post_install", "-at_install")
class TestPromiseOnScreen(RoundsCommon):
    """A confirmed order says that a change request is the way."""

    def test_fixed(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        self.assertFalse(order.is_promise_fixed)
        self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        self.assertTrue(order.is_promise_fixed)
        portal = self._create_user("opc_portal", "base.group_portal")
        self.assertFalse(order.with_user(portal).sudo().is_promise_fixed)

    def test_not_fixed_where_nobody_reviews(self):
        order = self._create_order()
        order.action_confirm()
        self.assertFalse(order.is_promise_fixed)
