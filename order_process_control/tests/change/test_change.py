from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.review import snapshot
from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChange(ChangeCommon):
    """From the wish to change a confirmed order to its round, and what ends it."""

    # === WRITING IT ===#

    def test_a_change_begins_with_the_order_as_it_is(self):
        change = self._create_change()
        self.assertEqual(change.name, f"{self.order.name}/C1")
        self.assertEqual(change.state, "draft")
        self.assertEqual(change.commitment_date, self.order.commitment_date)
        self.assertEqual(change.partner_shipping_id, self.order.partner_shipping_id)
        self.assertRecordValues(
            change.line_ids,
            [
                {"order_line_id": line.id, "product_uom_qty": qty, "is_changed": False}
                for line, qty in zip(self.order.order_line, (2, 1), strict=True)
            ],
        )
        with self.assertRaisesRegex(UserError, "changes nothing"):
            change.action_submit()
        self.assertEqual(change.state, "draft")

    def test_the_form_is_filled_with_the_order(self):
        action = self.order.action_request_change()
        changes = self.env["order.change"].with_user(self.salesperson)
        form = Form(changes.with_context(**action["context"]))
        form.reason = "One more"
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.today_product_uom_qty, 2)
            line.product_uom_qty = 3
        with form.line_ids.new() as line:
            line.product_id = self.service
            self.assertEqual(line.price_unit, 50)
            self.assertIn("Assembly", line.name)
        change = form.save()
        self.assertEqual(change.line_ids.mapped("is_changed"), [True, False, True])
        self.assertEqual(change.line_ids[0].price_unit, 100)
        self.assertEqual(self.order.change_count, 1)
        self.assertEqual(self.order.action_request_change()["res_id"], change.id)

    def test_one_open_change_an_order(self):
        change = self._create_change()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_change()
        change.action_withdraw()
        self.assertEqual(self._create_change().name, f"{self.order.name}/C2")

    def test_only_confirmed_orders_are_changed(self):
        quotation = self._create_order()
        with self.assertRaisesRegex(UserError, "is not confirmed"):
            self._create_change(quotation)
        with self.assertRaisesRegex(UserError, "is not confirmed"):
            quotation.action_request_change()

    def test_lines_are_those_of_the_order(self):
        other = self._create_confirmed()
        change = self._create_change()
        line = {"order_line_id": other.order_line[0].id, "product_id": self.product.id}
        with self.assertRaisesRegex(ValidationError, "its own order"):
            change.write({"line_ids": [(0, 0, line)]})
        with self.assertRaisesRegex(ValidationError, "product and unit"):
            change.line_ids[0].product_id = self.service
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            change.line_ids[0].product_uom_qty = -1

    # === SUBMITTING ===#

    def test_only_the_touched_departments_are_asked(self):
        release = self.order.release_id
        change = self._submit(commitment_date=self._days(20))
        self.assertEqual(change.state, "submitted")
        self.assertEqual(self._states(change), {"Finance": "approved", "Production": "pending"})
        review = change.review_id
        self.assertEqual((review.subject, review.number), ("change", 1))
        carried = review.signoff_ids.filtered(lambda s: s.name == "Finance")
        self.assertEqual(carried.carried_from_id.review_id, release)
        # The order is what it was released as until the change is applied
        self.assertEqual(self.order.current_review_id, release)
        self.assertEqual(self.order.review_state, "approved")
        self._sign(change, "Production", self.production_user)
        self.assertEqual(change.state, "applied")
        self.assertEqual(self.order.commitment_date, change.commitment_date)

    def test_the_simulation_leaves_no_trace(self):
        counted = ("sale.order.line", "stock.move", "mail.message", "mail.activity", "mail.mail")
        change = self._create_change(
            lines={
                self.line: {"product_uom_qty": 7},
                None: [{"product_id": self.product.id, "product_uom_qty": 3}],
            },
            commitment_date=self._days(20),
        )
        self.env.flush_all()
        content = self.order._get_review_contents()
        before = {model: self.env[model].search_count([]) for model in counted}
        waiting = len(self.env.cr.postcommit._funcs)
        outcome = change.sudo()._simulate(
            self.salesperson, self.env["order.review"]._read_history(self.order)
        )
        self.assertEqual(len(outcome.snapshot["lines"]), 3)
        self.assertEqual(outcome.snapshot["lines"][0]["product_uom_qty"], 7)
        self.assertIn("new-", outcome.snapshot["lines"][2]["id"])
        self.assertEqual(self.order._get_review_contents(), content)
        self.assertEqual({m: self.env[m].search_count([]) for m in counted}, before)
        self.assertEqual(len(self.env.cr.postcommit._funcs), waiting)
        self.assertFalse(self.env.cr.precommit._funcs)
        self.assertEqual(self.line.product_uom_qty, 2)
        self.assertEqual(self._moves(self.line).product_uom_qty, 2)

    def test_a_step_that_only_the_changed_order_meets_is_asked(self):
        self._create_step(
            "Director",
            reviewer_ids=self.sales_manager.ids,
            condition_domain="[('amount_untaxed', '>', 5000)]",
        )
        change = self._submit(lines={self.line: {"product_uom_qty": 100}})
        self.assertEqual(
            self._states(change),
            {"Finance": "pending", "Production": "pending", "Director": "pending"},
        )

    def test_what_every_department_tolerates_is_applied_at_once(self):
        (self.step_finance | self.step_production).write({"tolerance_percent": 60})
        change = self._submit(lines={self.line: {"product_uom_qty": 3}})
        self.assertEqual(change.state, "applied")
        self.assertEqual(
            change.review_id.signoff_ids.carried_from_id.review_id, self._first_round()
        )
        self.assertEqual(self.line.product_uom_qty, 3)
        self.assertEqual(self.order.release_id, change.review_id)

    def _first_round(self):
        return self.order.sudo().review_ids.filtered(lambda r: r.subject == "order")

    def test_who_wrote_the_change_does_not_sign_it(self):
        colleague = self._create_user(
            "opc_both", "sales_team.group_sale_manager,order_process_control.group_order_reviewer"
        )
        self.step_production.reviewer_ids = colleague | self.production_user
        change = self._create_change(user=colleague, commitment_date=self._days(20))
        change.with_user(self.salesperson).action_submit()
        self.assertNotIn(colleague, change.sudo().review_id.signoff_ids[1].candidate_ids)
        with self.assertRaisesRegex(UserError, "you submitted, created, sell or changed"):
            self._sign(change, "Production", colleague)

    def test_signers_see_what_it_does_whatever_they_signed_before(self):
        late = self._create_step(
            "Logistics", reviewer_ids=self.sales_manager.ids, watched_aspects="dates"
        )
        change = self._submit(
            commitment_date=self._days(20), lines={self.line: {"product_uom_qty": 5}}
        )
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.step_id == late)
        self.assertFalse(signoff.basis_id, "Logistics never signed this order")
        rows = signoff.with_user(self.sales_manager).diff
        quantity = next(row for row in rows if row["label"] == "Quantity")
        self.assertEqual((quantity["before"], quantity["after"]), ("2.00", "5.00"))
        self.assertFalse(quantity["is_watched"])
        self.assertTrue(next(row for row in rows if row["aspect"] == "dates")["is_watched"])
        self.assertIn("confirmed order", signoff.diff_summary)
        self.assertIn(change.name, signoff.display_name)
        self.assertIn(change.name, signoff.activity_ids.summary)

    # === THE RESULT ===#

    def test_refused_corrected_and_submitted_again(self):
        change = self._submit(
            commitment_date=self._days(1), lines={self.line: {"price_unit": 90, "discount": 5}}
        )
        self.assertEqual(self._states(change), {"Finance": "pending", "Production": "pending"})
        self._sign(change, "Production", self.production_user, "rejected", "Earliest in 15 days")
        self.assertEqual(change.state, "refused")
        self.assertEqual(self._tasks(change), ["Change Refused"])
        self.assertEqual(change.sudo().activity_ids.user_id, self.salesperson)
        self.assertEqual(self.line.price_unit, 100)
        with self.assertRaisesRegex(UserError, "Use “Correct”"):
            change.commitment_date = self._days(15)
        change.action_correct()
        self.assertFalse(self._tasks(change))
        change.commitment_date = self.order.commitment_date
        change.action_submit()
        self.assertEqual(change.review_id.number, 2)
        # Production refused a date that is not proposed any more: what it signed first holds
        self.assertEqual(self._states(change), {"Finance": "pending", "Production": "approved"})
        finance = change.sudo().review_id.signoff_ids.filtered(lambda s: s.name == "Finance")
        self.assertIn("Earliest in 15 days", finance.previous_rejection)
        self._sign(change, "Finance", self.finance_user)
        self.assertEqual(change.state, "applied")
        self.assertEqual((self.line.price_unit, self.line.discount), (90, 5))
        self.assertEqual(
            [kind for kind in self._kinds() if kind.startswith("change")],
            [
                "change_submitted",
                "change_refused",
                "change_submitted",
                "change_approved",
                "change_applied",
            ],
        )
        self.assertFalse(self.order.sudo().ledger_ids._find_breaks())

    def test_withdrawn_while_in_review(self):
        change = self._submit(commitment_date=self._days(20))
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        change.action_withdraw()
        self.assertEqual(change.state, "withdrawn")
        self.assertEqual(change.review_id.state, "cancelled")
        self.assertEqual(signoff.state, "cancelled")
        self.assertFalse(signoff.activity_ids)
        self.assertEqual(self.order.review_state, "approved")
        with self.assertRaisesRegex(UserError, "cannot be withdrawn"):
            change.action_withdraw()

    def test_what_is_over_is_neither_withdrawn_nor_corrected(self):
        withdrawn = self._create_change()
        withdrawn.action_withdraw()
        change = self._submit(commitment_date=self._days(20))
        with self.assertRaisesRegex(UserError, "Only a refused request"):
            change.action_correct()
        self.assertEqual(change.state, "submitted")
        self._sign_all(change)
        for over, state in ((change, "applied"), (withdrawn, "withdrawn")):
            with self.assertRaisesRegex(UserError, "cannot be withdrawn"):
                over.action_withdraw()
            with self.assertRaisesRegex(UserError, "Only a refused request"):
                over.action_correct()
            self.assertEqual(over.state, state)
        self.assertEqual(self.order.review_state, "approved")
        self.assertEqual(self.order.commitment_date, change.commitment_date)

    def test_the_order_changed_meanwhile(self):
        order = self.order
        change = self._submit(order, lines={order.order_line[0]: {"product_uom_qty": 5}})
        self._sign(change, "Finance", self.finance_user)
        self._drift(order)
        self._sign(change, "Production", self.production_user)
        self.assertEqual(change.review_id.state, "superseded")
        self.assertEqual(change.state, "draft")
        self.assertEqual(self._tasks(change), ["Change Outdated"])
        self.assertEqual(order.order_line[0].product_uom_qty, 2)
        change.action_submit()
        self.assertEqual(change.review_id.number, 2)

    def _drift(self, order):
        """Change the other line of an order past every guard."""
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_qty = 9 WHERE id = %s",
            [order.order_line[1].id],
        )
        order.order_line.invalidate_recordset()

    def test_a_tolerated_drift_is_bound(self):
        self.step_production.tolerance_days = 5
        change = self._submit(lines={self.line: {"price_unit": 80}})
        self.assertEqual(self._states(change), {"Finance": "pending", "Production": "approved"})
        promised = self.order.commitment_date
        self.env.cr.execute(
            "UPDATE sale_order SET commitment_date = commitment_date + interval '2 days'"
            " WHERE id = %s",
            [self.order.id],
        )
        self.order.invalidate_recordset()
        change.invalidate_recordset()
        self._sign(change, "Finance", self.finance_user)
        self.assertEqual(change.state, "applied")
        self.assertIn("tolerated", self._kinds())
        # The change proposes no date: the one that was agreed meanwhile stays
        self.assertEqual(self.order.commitment_date, promised + timedelta(days=2))
        self.assertFalse(self.order - self.order._filter_released())

    def test_cancelling_the_order_ends_its_changes(self):
        change = self._submit(commitment_date=self._days(20))
        review = change.review_id
        self.order.sudo()._action_cancel()
        self.assertEqual(change.state, "withdrawn")
        self.assertEqual(review.state, "cancelled")
        self.assertTrue(review.is_void)
        self.assertFalse(self.order.sudo().signoff_ids.filtered(lambda s: s.state == "pending"))
        self.assertFalse(self.order.sudo().signoff_ids.activity_ids)

    def test_a_question_goes_to_the_change(self):
        change = self._submit(commitment_date=self._days(20))
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        signoff.with_user(self.production_user).action_ask("Is a partial delivery enough?")
        self.assertTrue(change.has_open_question)
        self.assertEqual(self._tasks(change), ["Question"])
        wizard = self.env["order.process.request"].with_user(self.salesperson)
        wizard = wizard.browse(change.action_open_answer()["res_id"])
        wizard.text = "Yes"
        wizard.action_run()
        self.assertFalse(self._tasks(change))
        self._sign(change, "Production", self.production_user)
        self.assertEqual(change.state, "applied")

    def test_a_rejection_by_mistake_is_taken_back(self):
        change = self._submit(commitment_date=self._days(20))
        # All that happens in a test happens at one moment
        self.env.cr.execute("UPDATE order_event SET at = at - interval '1 minute'")
        self.env.invalidate_all()
        self._sign(change, "Production", self.production_user, "rejected")
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.name == "Production")
        signoff.with_user(self.production_user).action_undo()
        self.assertEqual(change.state, "submitted")
        self.assertEqual(signoff.state, "pending")
        self._sign(change, "Production", self.production_user)
        self.assertEqual(change.state, "applied")
        with self.assertRaisesRegex(UserError, "acted on your decision"):
            signoff.with_user(self.production_user).action_undo()

    def test_strip_and_diff_for_the_screen(self):
        change = self._submit(commitment_date=self._days(20))
        strip = change.review_strip
        self.assertEqual(strip["current"], change.review_id.id)
        self.assertEqual(strip["rounds"][0]["subject_name"], change.name)
        self.assertEqual(change.review_waiting_for, "Production")
        self.assertIn("Delivery Date", change.diff_summary)
        rounds = self.order.with_user(self.salesperson).review_strip["rounds"]
        self.assertEqual([r["subject"] for r in rounds], ["change", "order"])
        self.assertFalse(
            snapshot.get_diff(self.env["sale.order"], change._get_before(), change._get_before())
        )
