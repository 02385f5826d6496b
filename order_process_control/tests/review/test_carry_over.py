from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestCarryOver(RoundsCommon):
    """Only what changed is reviewed again (design, principle 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step_finance = cls._create_step("Finance", cls.finance, 10, watched_aspects="price")
        cls.step_production = cls._create_step(
            "Production", cls.production, 20, watched_aspects="goods"
        )
        cls.term = cls.env["account.payment.term"].create({"name": "One year"})

    def _approved(self, **vals):
        order = self._submit(**vals)
        self._approve(order, "Finance", self.finance_user, "Creditworthy")
        self._approve(order, "Production", self.production_user)
        self.assertEqual(order.review_state, "approved")
        return order

    def _resubmit(self, order, user=None):
        self.assertEqual(order.review_state, "outdated")
        order.with_user(user or self.salesperson).action_request_review()
        return self._states(order)

    # === WHO IS ASKED AGAIN ===#

    def test_only_the_touched_department_is_asked_again(self):
        order = self._approved()
        first = self._signoff(order, "Production")
        order.order_line.price_unit = 90
        self.assertEqual(self._resubmit(order), {"Finance": "pending", "Production": "approved"})
        carried = self._signoff(order, "Production")
        self.assertEqual(carried.carried_from_id, first)
        self.assertFalse(carried.vote_ids)
        self.assertFalse(self._bells(carried))
        self.assertEqual(
            self._bells(self._signoff(order, "Finance")), self.finance_user | self.finance_user2
        )
        chips = {c["name"]: c for c in order.review_strip["rounds"][0]["signoffs"]}
        self.assertEqual((chips["Production"]["carried"], chips["Finance"]["carried"]), (1, 0))
        self.assertEqual(chips["Production"]["who"], self.production_user.name)
        self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._assert_ledger_intact(order)

    def test_department_whose_turn_is_later_is_asked_alone(self):
        order = self._approved()
        order.order_line.name = "Desk, painted black"
        self.assertEqual(self._resubmit(order), {"Finance": "approved", "Production": "pending"})

    def test_aspect_nobody_watches_belongs_to_the_last_department(self):
        order = self._approved()
        for vals in (
            {"commitment_date": "2040-01-01"},
            {"partner_shipping_id": self.env["res.partner"].create({"name": "Site"}).id},
            {"is_important": True},
        ):
            order.write(vals)
            self.assertEqual(
                self._resubmit(order), {"Finance": "approved", "Production": "pending"}, vals
            )
            self._approve(order, "Production", self.production_user)

    def test_added_and_removed_lines_touch_price_and_goods(self):
        order = self._approved()
        order.order_line = [Command.create({"product_id": self.service.id, "price_unit": 0.0})]
        self.assertEqual(set(self._resubmit(order).values()), {"pending", "waiting"})
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", self.production_user)
        order.order_line[1].unlink()
        self.assertEqual(set(self._resubmit(order).values()), {"pending", "waiting"})

    def test_content_that_returns_needs_nobody(self):
        order = self._approved()
        order.order_line.price_unit = 90
        self._resubmit(order)
        order.order_line.price_unit = 100
        self.assertEqual(order.review_state, "outdated")
        self.assertEqual(self._resubmit(order), {"Finance": "approved", "Production": "approved"})
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(order.sudo().current_review_id.number, 3)
        self.assertFalse(self._bells(order.sudo().review_ids.signoff_ids))
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._assert_ledger_intact(order)

    def test_rejection_is_always_asked_again(self):
        order = self._submit()
        self._reject(order, "Finance", self.finance_user)
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "pending", "Production": "waiting"})
        self._approve(order, "Finance", self.finance_user)
        self._reject(order, "Production", self.production_user)
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "approved", "Production": "pending"})

    def test_withdrawn_review_keeps_what_was_signed(self):
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        order.action_withdraw_review()
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "approved", "Production": "pending"})

    def test_nothing_survives_a_cancellation(self):
        order = self._approved()
        order.action_cancel()
        order.action_draft()
        order.action_request_review()
        self.assertEqual(self._states(order), {"Finance": "pending", "Production": "waiting"})

    # === WHOSE SIGNATURE DOES NOT HOLD ANY MORE ===#

    def test_signer_who_became_salesperson(self):
        order = self._approved()
        order.user_id = self.finance_user
        self.assertEqual(self._resubmit(order, self.sales_manager)["Finance"], "pending")
        self.assertEqual(self._able(order, "Finance"), self.finance_user2)

    def test_signer_who_became_editor(self):
        manager = self._create_user("opc_both", "sales_team.group_sale_manager")
        self.step_production.reviewer_ids = manager
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", manager)
        order.with_user(manager).payment_term_id = self.term
        self.assertEqual(self._resubmit(order), {"Finance": "pending", "Production": "waiting"})

    def test_signer_who_became_requester(self):
        manager = self._create_user("opc_both", "sales_team.group_sale_manager")
        self.step_production.reviewer_ids = manager
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", manager)
        order.payment_term_id = self.term
        self.assertEqual(
            self._resubmit(order, manager), {"Finance": "pending", "Production": "waiting"}
        )

    def test_one_of_two_signers_became_editor(self):
        manager = self._create_user("opc_both", "sales_team.group_sale_manager")
        self.step_production.write(
            {"reviewer_ids": (manager | self.production_user).ids, "decision_rule": "all"}
        )
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", manager)
        self._approve(order, "Production", self.production_user)
        order.with_user(manager).payment_term_id = self.term
        self.assertEqual(self._resubmit(order)["Production"], "waiting")

    def test_whoever_signed_what_is_carried_signs_nothing_else(self):
        both = self.finance_user2 | self.production_user
        self.step_production.write({"reviewer_ids": both.ids, "decision_rule": "all"})
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", self.finance_user2)
        self._approve(order, "Production", self.production_user)
        order.payment_term_id = self.term
        self.assertEqual(self._resubmit(order)["Production"], "approved")
        self.assertEqual(self._able(order, "Finance"), self.finance_user)

    def test_nobody_is_carried_for_two_departments(self):
        self.step_production.reviewer_ids = self.finance_user
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        order.payment_term_id = self.term
        self._resubmit(order)
        # The same person, now for the other department; Finance is signed by the colleague
        self._approve(order, "Finance", self.finance_user2)
        self._approve(order, "Production", self.finance_user)
        order.payment_term_id = False
        self._reject_newest_finance(order)
        states = self._resubmit(order)
        carried = order.sudo().current_review_id.signoff_ids.filtered("carried_from_id")
        signers = carried.mapped("decided_by.id")
        self.assertEqual(len(signers), len(set(signers)), states)

    def _reject_newest_finance(self, order):
        """Let the first signature of Finance be the newest again, as after an undo."""
        second = self._signoff(order, "Finance")
        second.vote_ids.undone_at = second.decided_at
        second.write({"state": "cancelled", "decided_by": False})

    def test_changed_questions_and_rules_are_asked_again(self):
        criterion = self.env["order.review.criterion"].create(
            {"step_id": self.step_production.id, "name": "Can you make it?"}
        )
        other = self._create_department("Workshop", self._create_reviewer("opc_workshop"))
        changes = (
            lambda: criterion.write({"name": "Can you make it in time?"}),
            lambda: criterion.copy({"step_id": self.step_production.id, "name": "Really?"}),
            lambda: self.step_production.write({"decision_rule": "all"}),
            lambda: self.step_production.write({"department_id": other.id}),
        )
        for number, change in enumerate(changes):
            order = self._submit()
            self._approve(order, "Finance", self.finance_user)
            answers = self._answers(order, "Production")
            self._approve(order, "Production", self.production_user, None, answers)
            change()
            order.payment_term_id = self.term
            self.assertEqual(
                self._resubmit(order), {"Finance": "pending", "Production": "waiting"}, number
            )

    def _answers(self, order, name):
        return [{"id": a.id, "result": "pass"} for a in self._signoff(order, name).answer_ids]

    def test_department_that_answers_for_more_than_it_signed(self):
        order = self._approved()
        self.step_production.action_archive()
        order.payment_term_id = self.term
        self._resubmit(order)
        self._approve(order, "Finance", self.finance_user)
        order.payment_term_id = False
        order.action_request_review()
        # The first signature of Finance was for the price alone
        self.assertEqual(self._states(order), {"Finance": "pending"})

    def test_renaming_asks_nobody_again(self):
        order = self._approved()
        self.step_production.name = "Factory"
        order.payment_term_id = self.term
        self.assertEqual(self._resubmit(order), {"Finance": "pending", "Factory": "approved"})

    def test_round_of_an_older_version_is_never_carried(self):
        order = self._approved()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE order_review SET content = NULL, snapshot = '{}' WHERE order_id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        order.payment_term_id = self.term
        self.assertEqual(self._resubmit(order), {"Finance": "pending", "Production": "waiting"})
        self.assertFalse(self._signoff(order, "Finance").diff)
        self.assertTrue(order.review_strip["rounds"])

    # === WHAT THE SIGNER SEES ===#

    def test_diff_in_words(self):
        order = self._approved()
        order.write({"payment_term_id": self.term.id, "is_important": True})
        order.order_line.write({"product_uom_qty": 3, "price_unit": 80})
        self._resubmit(order)
        signoff = self._signoff(order, "Finance").with_user(self.finance_user)
        rows = {row["label"]: row for row in signoff.diff}
        self.assertEqual(
            (rows["Payment Terms"]["before"], rows["Payment Terms"]["after"]), ("", "One year")
        )
        self.assertEqual((rows["Quantity"]["before"], rows["Quantity"]["after"]), ("2.00", "3.00"))
        self.assertEqual(
            (rows["Unit Price"]["before"], rows["Unit Price"]["after"]), ("100.00", "80.00")
        )
        self.assertEqual(rows["Unit Price"]["where"], "Desk")
        self.assertTrue(rows["Unit Price"]["is_watched"])
        self.assertFalse(rows["Quantity"]["is_watched"])
        self.assertEqual(rows["Important Order"]["after"], "yes")
        action = signoff.action_open_decision()
        screen = self.env[action["res_model"]].with_user(self.finance_user)
        self.assertIn("One year", str(screen.browse(action["res_id"]).read()))

    def test_diff_is_against_the_last_own_decision(self):
        order = self._approved()
        order.order_line.price_unit = 90
        self._resubmit(order)
        self._approve(order, "Finance", self.finance_user)
        order.order_line.name = "Desk, black"
        self._resubmit(order)
        rows = self._signoff(order, "Production").diff
        self.assertIn("Unit Price", [row["label"] for row in rows])
        round_rows = order.sudo().current_review_id.diff
        self.assertNotIn("Unit Price", [row["label"] for row in round_rows])

    def test_new_and_removed_lines_in_the_diff(self):
        order = self._approved()
        order.order_line = [
            Command.create({"product_id": self.service.id, "product_uom_qty": 4}),
        ]
        order.order_line[0].unlink()
        self._resubmit(order)
        rows = {row["label"]: row for row in self._signoff(order, "Production").diff}
        self.assertEqual((rows["New line"]["where"], rows["New line"]["before"]), ("Assembly", ""))
        self.assertIn("4.00", rows["New line"]["after"])
        self.assertEqual(
            (rows["Line removed"]["where"], rows["Line removed"]["after"]), ("Desk", "")
        )

    def test_no_confirmation_while_a_department_is_asked_again(self):
        order = self._approved()
        order.order_line.price_unit = 90
        self._resubmit(order)
        with self.assertRaisesRegex(UserError, "waiting for: Finance"):
            order.action_confirm()
