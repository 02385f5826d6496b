from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestReviewRound(OrderProcessCommon):
    """From request to release: order of signing, results, new rounds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step_finance = cls._create_step("Finance", cls.finance, 20)
        cls.step_production = cls._create_step("Production", cls.production, 20)
        cls.step_sales = cls._create_step("Sales", None, 10, reviewer_ids=cls.sales_manager.ids)
        cls.order = cls._create_order()

    def _states(self):
        return {s.name: s.state for s in self.order.sudo().current_review_id.signoff_ids}

    def test_sequences_one_after_the_other_equal_ones_in_parallel(self):
        self.assertEqual(self.order.review_state, "to_submit")
        self.order.action_request_review()
        self.assertEqual(self.order.review_state, "in_review")
        self.assertEqual(
            self._states(), {"Sales": "pending", "Finance": "waiting", "Production": "waiting"}
        )
        with self.assertRaisesRegex(UserError, "signs after the departments before it"):
            self._approve(self.order, "Finance", self.finance_user)
        self._approve(self.order, "Sales", self.sales_manager)
        self.assertEqual(
            self._states(), {"Sales": "approved", "Finance": "pending", "Production": "pending"}
        )
        self._approve(self.order, "Production", self.production_user)
        self.assertEqual(self.order.review_state, "in_review")
        self.assertFalse(self.order.release_id)
        self._approve(self.order, "Finance", self.finance_user, "Credit is good")
        self.assertEqual(self.order.review_state, "approved")
        self.assertEqual(self.order.release_id, self.order.current_review_id)
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.release_exempt)
        self.assertEqual(self.order.review_state, "approved")

    def test_decision_is_kept_with_person_time_and_right(self):
        self.order.action_request_review()
        self._approve(self.order, "Sales", self.sales_manager, "  Fine  ")
        signoff = self._signoff(self.order, "Sales")
        self.assertRecordValues(
            signoff, [{"state": "approved", "decided_by": self.sales_manager.id, "comment": "Fine"}]
        )
        self.assertRecordValues(
            signoff.vote_ids,
            [
                {
                    "user_id": self.sales_manager.id,
                    "decision": "approved",
                    "entitlement": "reviewer",
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "not open any more"):
            self._reject(self.order, "Sales", self.sales_manager)

    def test_rejection_needs_a_reason_and_ends_the_round(self):
        self.order.action_request_review()
        self._approve(self.order, "Sales", self.sales_manager)
        for blank in ("", "   ", None, "\n"):
            with self.assertRaisesRegex(UserError, "reason for the rejection"):
                self._reject(self.order, "Finance", self.finance_user, blank)
        self._reject(self.order, "Finance", self.finance_user, "Customer owes us 12,000")
        self.assertEqual(self.order.review_state, "rejected")
        self.assertEqual(
            self._states(), {"Sales": "approved", "Finance": "rejected", "Production": "cancelled"}
        )
        with self.assertRaisesRegex(UserError, "rejected by Finance: Customer owes us 12,000"):
            self.order.action_confirm()

    def test_database_refuses_a_rejection_without_reason(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Sales")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            signoff.write({"state": "rejected", "comment": "  "})
            signoff.flush_recordset()

    def test_resubmission_is_a_new_round_and_the_old_one_stays(self):
        self.order.action_request_review()
        first = self.order.current_review_id
        self._reject(self.order, "Sales", self.sales_manager, "Too cheap")
        self.order.order_line.price_unit = 150
        self.order.action_request_review()
        second = self.order.current_review_id
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual((first.state, second.state), ("rejected", "in_progress"))
        self.assertEqual(self.order.review_ids, second | first)
        self.assertEqual(first.snapshot["lines"][0]["price_unit"], 100)
        self.assertEqual(second.snapshot["lines"][0]["price_unit"], 150)

    def test_submitting_twice_is_refused(self):
        self.order.action_request_review()
        with self.assertRaisesRegex(UserError, "being reviewed already"):
            self.order.action_request_review()

    def test_change_during_the_review_ends_the_round(self):
        self.order.action_request_review()
        review = self.order.current_review_id
        self.order.order_line.product_uom_qty = 3
        self.assertEqual(review.state, "superseded")
        self.assertEqual(set(review.signoff_ids.mapped("state")), {"cancelled"})
        self.assertEqual(self.order.review_state, "outdated")
        with self.assertRaisesRegex(UserError, "changed since it was reviewed"):
            self.order.action_confirm()

    def test_the_last_signature_finds_what_was_changed_without_a_write(self):
        (self.step_production | self.step_sales).action_archive()
        self.order.action_request_review()
        review = self.order.current_review_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET price_unit = 1 WHERE order_id = %s", [self.order.id]
        )
        self.order.order_line.invalidate_recordset()
        self._approve(self.order, "Finance", self.finance_user)
        self.assertEqual((review.state, self.order.review_state), ("superseded", "outdated"))
        self.assertFalse(self.order.release_id)
        with self.assertRaisesRegex(UserError, "changed since it was reviewed"):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_harmless_change_does_not_end_the_round(self):
        self.order.action_request_review()
        self.order.client_order_ref = "PO 4711"
        self.order.order_line = [(0, 0, {"display_type": "line_note", "name": "Thank you"})]
        self.assertEqual(self.order.review_state, "in_review")

    def test_change_after_approval_is_noticed_and_can_be_taken_back(self):
        self.order.action_request_review()
        self._approve(self.order, "Sales", self.sales_manager)
        self._approve(self.order, "Production", self.production_user)
        self._approve(self.order, "Finance", self.finance_user)
        self.assertIn("confirm the order", self._activities(self.order).summary)
        self.order.order_line.price_unit = 10
        self.assertEqual(self.order.review_state, "outdated")
        self.assertFalse(self._activities(self.order))
        with self.assertRaisesRegex(UserError, "changed since it was reviewed"):
            self.order.action_confirm()
        self.order.order_line.price_unit = 100
        self.assertEqual(self.order.review_state, "approved")
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_running_round_keeps_its_configuration(self):
        self.order.action_request_review()
        self.step_production.action_archive()
        self.step_sales.reviewer_ids = self.finance_user
        self.step_finance.name = "Treasury"
        self._approve(self.order, "Sales", self.sales_manager)
        self.assertEqual(
            self._states(), {"Sales": "approved", "Finance": "pending", "Production": "pending"}
        )
        self.step_production.unlink()
        self._approve(self.order, "Production", self.production_user)

    def test_cancelling_voids_the_release(self):
        self.order.action_request_review()
        for name, user in (
            ("Sales", self.sales_manager),
            ("Production", self.production_user),
            ("Finance", self.finance_user),
        ):
            self._approve(self.order, name, user)
        self.order.action_cancel()
        self.assertFalse(self.order.release_id)
        self.order.action_draft()
        self.assertEqual(self.order.review_state, "to_submit")
        with self.assertRaisesRegex(UserError, "has to be reviewed before"):
            self.order.action_confirm()
        self.assertEqual(len(self.order.review_ids), 1)

    def test_cancelling_closes_what_is_open(self):
        self.order.action_request_review()
        review = self.order.current_review_id
        self.order.action_cancel()
        self.assertEqual(review.state, "cancelled")
        self.assertFalse(self._activities(review.signoff_ids))

    def test_copy_takes_no_review_along(self):
        self.order.action_request_review()
        copy = self.order.copy()
        self.assertFalse(copy.current_review_id or copy.release_id or copy.registered_at)
        self.assertEqual(copy.review_state, "to_submit")

    def test_reviewed_quotation_is_not_deleted(self):
        self.order.action_request_review()
        with self.assertRaisesRegex(UserError, "Cancel it instead of deleting"):
            self.order.with_user(self.env.ref("base.user_admin")).unlink()
        unreviewed = self._create_order()
        unreviewed.sudo().unlink()
        self.assertFalse(unreviewed.exists())

    def _activities(self, records):
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
        )

    def test_activities_come_and_go_with_the_decision(self):
        self.order.action_request_review()
        self.assertEqual(
            self._activities(self._signoff(self.order, "Sales")).user_id, self.sales_manager
        )
        self._approve(self.order, "Sales", self.sales_manager)
        self.assertFalse(self._activities(self._signoff(self.order, "Sales")))
        finance = self._signoff(self.order, "Finance")
        self.assertEqual(self._activities(finance).user_id, self.finance_user | self.finance_user2)
        self._reject(self.order, "Finance", self.finance_user)
        self.assertFalse(self._activities(self.order.current_review_id.signoff_ids))
        told = self._activities(self.order)
        self.assertEqual(told.user_id, self.salesperson)
        self.assertIn("Finance rejected", told.summary)
        self.order.action_request_review()
        self.assertFalse(self._activities(self.order))

    def test_rounds_are_never_deleted_or_edited(self):
        self.order.action_request_review()
        review = self.order.current_review_id
        for records in (review, review.signoff_ids, review.signoff_ids[0]):
            with self.assertRaises(AccessError):
                records.sudo().unlink()
            for user in (self.salesperson, self.sales_manager, self.process_manager):
                with self.assertRaises(AccessError):
                    records.with_user(user).write({"state": "approved"})
                with self.assertRaises(AccessError):
                    records.with_user(user).create({})

    def test_many_orders_at_once(self):
        orders = self.order | self._create_order() | self._create_order()
        orders.action_request_review()
        self.assertEqual(set(orders.mapped("review_state")), {"in_review"})
        signoffs = orders.sudo().current_review_id.signoff_ids
        for names, user in (
            (["Sales"], self.sales_manager),
            (["Production"], self.production_user),
            (["Finance"], self.finance_user),
        ):
            signoffs.filtered(lambda s, names=names: s.name in names).with_user(
                user
            ).action_approve()
        self.assertEqual(set(orders.mapped("review_state")), {"approved"})
        orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    def test_second_round_knows_why_the_first_was_rejected(self):
        self.order.action_request_review()
        self.assertFalse(self._signoff(self.order, "Sales").previous_rejection)
        self._reject(self.order, "Sales", self.sales_manager, "Too cheap")
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Sales").with_user(self.sales_manager)
        self.assertIn("opc_sales_mgr (Sales): Too cheap", signoff.previous_rejection)
        self.assertTrue(signoff.display_name.endswith("Sales, round 2"))

    def test_history_tells_of_request_and_change(self):
        self.order.action_request_review()
        self.assertFalse(self.order.review_strip["is_outdated"])
        self.order.order_line.product_uom_qty = 3
        self.assertIn("its review ended", self.order.message_ids[0].body)
        self.assertEqual(self.order.message_ids[0].author_id, self.salesperson.partner_id)
        self.assertTrue(self.order.review_strip["is_outdated"])

    def test_strip_shows_each_department(self):
        self.order.action_request_review()
        self._approve(self.order, "Sales", self.sales_manager, "ok")
        strip = self.order.review_strip
        self.assertEqual(strip["current"], self.order.current_review_id.id)
        chips = {chip["name"]: chip for chip in strip["rounds"][0]["signoffs"]}
        self.assertEqual(chips["Sales"]["who"], self.sales_manager.name)
        self.assertEqual(
            set(chips["Finance"]["waiting_for"]), {self.finance_user.name, self.finance_user2.name}
        )
