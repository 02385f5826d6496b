from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .expedite_common import ExpediteCommon


@tagged("post_install", "-at_install")
class TestExpedite(ExpediteCommon):
    """Who asks, who decides, and what is refused."""

    def test_requires_reason_and_simulation(self):
        expedite = self._create_expedite(reason="  ")
        with self.assertRaisesRegex(UserError, "Write why(.|\n)*Simulate it first"):
            expedite.action_submit()

    def test_needed_day_is_not_past(self):
        expedite = self._simulate(needed_by=self._days(-2))
        with self.assertRaisesRegex(UserError, "is past"):
            expedite.action_submit()

    def test_number_and_defaults(self):
        expedite = self._create_expedite()
        self.assertTrue(expedite.name.startswith("EXP/"))
        self.assertEqual((expedite.state, expedite.kind), ("draft", "queue"))
        self.assertEqual(self.order.expedite_count, 1)
        self.assertEqual(
            self.order.with_user(self.salesperson).action_request_expedite()["res_id"], expedite.id
        )

    def test_without_steps_the_process_manager_decides(self):
        expedite = self._submit()
        signoff = expedite.sudo().review_id.signoff_ids
        self.assertEqual(signoff.name, "Process Manager")
        self.assertEqual(signoff.candidate_ids, self.process_manager)
        self.assertEqual(expedite.sudo().review_id.subject, "expedite")
        self.assertIn(expedite.name, signoff.display_name)

    def test_departments_with_that_subject_decide(self):
        self._create_step("Orders only", self.production)
        self._create_step("Insertion", self.finance, subjects="expedite", auto_approve=True)
        expedite = self._submit()
        self.assertEqual(expedite.sudo().review_id.signoff_ids.mapped("name"), ["Insertion"])
        self.assertEqual(expedite.state, "submitted")  # never signs itself
        self._sign(expedite, self.finance_user)
        self.assertEqual(expedite.state, "applied")

    def test_step_for_expedites_leaves_orders_alone(self):
        step = self._create_step("Insertion", self.finance, subjects="expedite")
        order = self._create_order()
        self.assertFalse(self.env["order.review.step"]._get_steps_by_order(order)[order.id])
        self.assertTrue(step.is_for_expedites)
        step.is_for_orders = True
        self.assertEqual(step._get_subjects(), {"order", "expedite"})
        with self.assertRaises(ValidationError):
            step.write({"is_for_orders": False, "is_for_expedites": False})
        with self.assertRaises(ValidationError):
            step.subjects = "moon"

    def test_signature_on_the_order_is_not_carried_over(self):
        self._create_step("Finance", self.finance, subjects="order,expedite")
        order = self._create_order(lines=[(self.product, 1)])
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        expedite = self._submit(order)
        self.assertEqual(expedite.sudo().review_id.signoff_ids.state, "pending")

    def test_signer_sees_the_price(self):
        expedite = self._submit()
        signoff = expedite.sudo().review_id.signoff_ids.with_user(self.process_manager)
        rows = {row["where"].partition(",")[0]: row for row in signoff.diff}
        self.assertIn(self.soon_order.name, rows)
        self.assertIn("taken away", rows[self.soon_order.name]["label"])
        self.assertIn("Their line stands still", signoff.expedite_reason)
        self.assertEqual(signoff.expedite_id, expedite)
        self.assertEqual(signoff._get_diff_title(), "What it does to other orders")

    def test_refused_corrected_submitted_again(self):
        expedite = self._submit()
        signoff = expedite.sudo().review_id.signoff_ids
        signoff.with_user(self.process_manager).action_reject("Not for this customer")
        self.assertEqual(expedite.state, "refused")
        self.assertIn("refused", expedite.sudo().activity_ids.summary)
        expedite.action_correct()
        self.assertFalse(expedite.sudo().activity_ids)
        expedite.action_submit()
        self.assertEqual(expedite.sudo().review_id.number, 2)
        self.assertEqual(self._reserved(self.order), 0)

    def test_cancelled_closes_its_round(self):
        expedite = self._submit()
        signoffs = expedite.sudo().review_id.signoff_ids
        self.assertEqual(signoffs.deadline_ids.mapped("state"), ["running"])
        expedite.action_cancel()
        self.assertEqual(signoffs.deadline_ids.mapped("state"), ["cancelled"])
        self.assertEqual(expedite.state, "cancelled")
        self.assertEqual(expedite.sudo().review_id.state, "cancelled")
        with self.assertRaises(UserError):
            expedite.action_apply()

    def test_what_is_over_is_neither_cancelled_nor_reverted(self):
        cancelled = self._create_expedite()
        cancelled.action_cancel()
        expedite = self._submit()
        for early in (cancelled, expedite):
            with self.assertRaisesRegex(UserError, "Only an applied expedite"):
                early.action_revert()
        self.assertEqual((cancelled.state, expedite.state), ("cancelled", "submitted"))
        self._sign(expedite)
        self.assertEqual((expedite.state, self._reserved(self.order)), ("applied", 6))
        for over, state in ((cancelled, "cancelled"), (expedite, "applied")):
            with self.assertRaisesRegex(UserError, "what is over stays so"):
                over.action_cancel()
            with self.assertRaisesRegex(UserError, "Only a refused request"):
                over.action_correct()
            self.assertEqual(over.state, state)
        self.assertEqual(self._reserved(self.order), 6)

    def test_orders_with_expedites_are_kept(self):
        self._create_expedite().action_cancel()
        self.order.sudo()._action_cancel()
        with self.assertRaisesRegex(UserError, "has expedites, which are kept"):
            self.order.with_user(self.sales_manager).unlink()
        self.assertTrue(self.order.exists())

    def test_cancelled_order_ends_its_expedite(self):
        expedite = self._submit()
        self.order.sudo()._action_cancel()
        self.assertEqual(expedite.state, "cancelled")

    def test_frequent_requesters_stand_out(self):
        for number in range(4):
            order = self._create_confirmed(1, 10)
            expedite = self._submit(order)
            expedite.action_cancel()
            expedite.invalidate_recordset()
            self.assertEqual(expedite.recent_count, number + 1)
        self.assertTrue(expedite.is_frequent)

    # === ATTACKS ===#

    def test_process_fields_are_not_written(self):
        expedite = self._simulate()
        for vals in (
            {"state": "approved"},
            {"scenario": "wait"},
            {"scenarios": []},
            {"review_id": False},
            {"late_count": 0},
            {"expected_completion": "2030-01-01"},
            {"requested_by": self.auditor.id},
            {"impact_ids": [(5, 0, 0)]},
            {"editor_ids": [(5, 0, 0)]},
            {"after": {}},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                expedite.write(vals)
        with self.assertRaises(AccessError):
            self._create_expedite(self._create_confirmed(1, 5), state="approved")
        forged = (
            self.env["order.expedite"]
            .with_user(self.salesperson)
            .with_context(default_state="approved", default_scenario="take")
            .create(
                {
                    "order_id": self._create_confirmed(1, 5).id,
                    "reason": "x",
                    "needed_by": self._days(1),
                }
            )
        )
        self.assertEqual((forged.state, forged.scenario), ("draft", False))

    def test_impact_rows_are_not_written(self):
        impact = self._simulate().impact_ids[0]
        for user in (self.salesperson, self.sales_manager, self.process_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    impact.with_user(user).write({"delay_days": 0})
                with self.assertRaises(AccessError):
                    impact.with_user(user).unlink()

    def test_unapproved_is_not_applied(self):
        expedite = self._submit()
        for user in (self.salesperson, self.sales_manager):
            with self.assertRaisesRegex(UserError, "not approved"):
                expedite.with_user(user).action_apply()
        with self.assertRaises(UserError):
            expedite.action_revert()
        self.assertEqual(self._reserved(self.order), 0)

    def test_nobody_approves_their_own(self):
        self.process_manager.group_ids += self.env.ref("sales_team.group_sale_manager")
        expedite = self._create_expedite(user=self.process_manager)
        expedite.action_simulate()
        # Handed in by somebody else, it is still the manager's own
        expedite.with_user(self.sales_manager).action_submit()
        signoff = expedite.sudo().review_id.signoff_ids
        self.assertNotIn(self.process_manager, signoff.candidate_ids)
        with self.assertRaises(UserError):
            signoff.with_user(self.process_manager).action_approve()

    def test_other_peoples_orders(self):
        with self.assertRaises(AccessError):
            self._create_expedite(self.soon_order)
        expedite = self._create_expedite()
        for user in (self.other_salesperson, self.employee, self.auditor, self.finance_user):
            for name in (
                "action_simulate",
                "action_submit",
                "action_apply",
                "action_revert",
                "action_cancel",
                "action_correct",
            ):
                with self.subTest(user=user.login, name=name), self.assertRaises(AccessError):
                    getattr(expedite.with_user(user), name)()
            with self.assertRaises(AccessError):
                expedite.with_user(user).action_choose_scenario("take")

    def test_order_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            self._create_expedite(order)
        expedite = self._create_expedite()
        outsider = self._create_user("opc_out", "sales_team.group_sale_manager")
        outsider.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(
            self.env["order.expedite"].with_user(outsider).search([("id", "=", expedite.id)])
        )
        with self.assertRaises(AccessError):
            expedite.with_user(outsider).action_simulate()

    def test_draft_order(self):
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self._create_expedite(self._create_order())

    def test_submitted_is_not_edited_nor_deleted(self):
        expedite = self._submit()
        with self.assertRaisesRegex(UserError, "only a draft"):
            expedite.write({"reason": "Another"})
        with self.assertRaises(UserError):
            expedite.action_simulate()
        with self.assertRaises(UserError):
            expedite.action_choose_scenario("wait")
        with self.assertRaisesRegex(UserError, "kept"):
            expedite.unlink()
        with self.assertRaisesRegex(UserError, "belongs to its order"):
            expedite.write({"order_id": self.late_order.id})

    def test_unknown_scenario(self):
        expedite = self._simulate()
        for scenario in ("teleport", False, None, ["take"], {"a": 1}):
            with self.subTest(scenario=scenario), self.assertRaises(UserError):
                expedite.action_choose_scenario(scenario)

    def test_one_open_expedite_an_order(self):
        self._create_expedite()
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
            self._create_expedite()
