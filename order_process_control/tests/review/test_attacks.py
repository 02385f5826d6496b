from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import OrderProcessCommon

FORGED_TAX_DATA = {
    "price_unit": 100.0,
    "discount": 0.0,
    "quantity": 2.0,
    "manual_total_excluded_currency": 1.0,
    "manual_total_excluded": 1.0,
    "computation_key": "x",
}


@tagged("post_install", "-at_install")
class TestAttacks(OrderProcessCommon):
    """Ways around the gate that were found by trying, each closed for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()
        cls.defaults = cls.env["ir.default"].with_user(cls.salesperson)

    def _approved_order(self):
        order = self._create_order()
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "approved")
        return order

    def _assert_gated(self, order):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    # === AMOUNTS ===#

    def test_computed_amounts_are_not_taken_from_a_client(self):
        self.step.condition_domain = "[('amount_untaxed', '>=', 150)]"
        for vals in (
            {"amount_untaxed": 1, "amount_total": 1},
            {"order_line": [Command.update(self.order.order_line.id, {"price_subtotal": 1})]},
            {
                "order_line": [
                    Command.update(self.order.order_line.id, {"extra_tax_data": FORGED_TAX_DATA})
                ]
            },
        ):
            self.order.write(vals)
            self.order.order_line.write({"product_uom_qty": 3})
            self.order.order_line.write({"product_uom_qty": 2})
            self.env.flush_all()
            self.assertEqual(self.order.amount_untaxed, 200)
            self._assert_gated(self.order)
        forged = self._create_order(amount_untaxed=1)
        forged_line = self._create_order(
            order_line=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 2,
                        "extra_tax_data": FORGED_TAX_DATA,
                    }
                )
            ]
        )
        for order in forged | forged_line:
            self.assertEqual(order.amount_untaxed, 200)
            self._assert_gated(order)

    def test_global_discount_of_odoo_keeps_its_totals(self):
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": self.order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self.assertTrue(self.order.order_line[-1].extra_tax_data)
        self.assertEqual(self.order.amount_untaxed, 180)

    def test_goods_do_not_leave_for_a_quotation(self):
        self.order.order_line.write({"state": "sale"})
        self.order.order_line.write({"product_uom_qty": 30})
        self.assertEqual(self.order.order_line.state, "draft")
        self.assertFalse(self.order.picking_ids)

    # === DEFAULTS OF THE USER'S OWN ===#

    def test_own_defaults_forge_no_decision(self):
        for model, field, value in (
            ("order.review", "state", "approved"),
            ("order.signoff", "state", "approved"),
            ("order.signoff", "decided_by", self.finance_user.id),
            ("order.signoff", "comment", "Fine"),
            ("order.signoff.answer", "result", "pass"),
        ):
            self.defaults.set(model, field, value, user_id=True)
        self.env["order.review.criterion"].create({"step_id": self.step.id, "name": "Can he pay?"})
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance")
        self.assertEqual(self.order.current_review_id.state, "in_progress")
        self.assertRecordValues(
            signoff, [{"state": "pending", "decided_by": False, "comment": False}]
        )
        self.assertFalse(signoff.answer_ids.result)

    def test_own_defaults_forge_no_stamp_and_no_channel(self):
        release = self._approved_order().release_id
        for model, field, value in (
            ("sale.order", "release_id", release.id),
            ("sale.order", "current_review_id", release.id),
            ("sale.order", "release_exempt", True),
            ("sale.order", "registered_at", "2020-01-01 00:00:00"),
            ("utm.medium", "is_approved", True),
        ):
            self.defaults.set(model, field, value, user_id=True)
        order = self._create_order()
        self.assertFalse(
            order.release_id
            or order.current_review_id
            or order.release_exempt
            or order.registered_at
        )
        self._assert_gated(order)
        medium = self.env["utm.medium"].with_user(self.salesperson).create({"name": "Back door"})
        self.assertFalse(medium.is_approved)

    def test_lines_do_not_take_their_approval_along(self):
        approved = self._approved_order()
        other = self._create_order(order_line=[])
        approved.order_line.write({"order_id": other.id})
        self._assert_gated(other)
        self.assertEqual(approved.review_state, "outdated")

    # === STATE AND CONTENT IN ONE CALL ===#

    def test_what_triggers_a_review_cannot_come_with_the_state(self):
        special = self.env.ref("order_process_control.order_class_special")
        self.step.class_ids = special
        self.assertEqual(self.order.review_state, "not_required")
        reason = self.env["order.special.reason"].search([], limit=1)
        for vals in (
            {"is_must_accept": True},
            {"special_reason_ids": [Command.link(reason.id)]},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.order.write({"state": "sale", **vals})
            self.order.invalidate_recordset()
            self.assertEqual(self.order.state, "draft")

    def test_archived_rules_stay_archived_whatever_the_context(self):
        special = self.env.ref("order_process_control.order_class_special")
        self.step.class_ids = special
        self.env["order.class"].create(
            {"name": "Old", "sequence": 1, "match_domain": "[]", "active": False}
        )
        regular = self.env.ref("order_process_control.order_class_regular")
        order = self._create_order(is_must_accept=True).with_context(active_test=False)
        order.class_id = regular
        self._assert_gated(order)

    def test_dropping_the_reason_does_not_undo_a_rejection(self):
        self.step.class_ids = self.env.ref("order_process_control.order_class_special")
        order = self._create_order(is_must_accept=True)
        order.action_request_review()
        self._reject(order, "Finance", self.finance_user)
        order.is_must_accept = False
        self._assert_gated(order)
        order.action_cancel()
        order.action_draft()
        self.assertEqual(order.review_state, "to_submit")
        self._assert_gated(order)

    def test_content_that_is_easily_forgotten(self):
        reason = self.env["order.special.reason"].search([], limit=1)
        for vals in (
            {"is_important": True},
            {"special_reason_ids": [Command.link(reason.id)]},
            {"note": "<p>Penalty of 10 % a day</p>"},
            {"prepayment_percent": 0.5},
            {"incoterm_location": "Timbuktu"},
        ):
            order = self._approved_order()
            order.write(vals)
            self.assertEqual(order.review_state, "outdated", vals)
            self._assert_gated(order)

    # === WHO SIGNS ===#

    def test_two_departments_in_one_call(self):
        both = (self.finance_user | self.production_user).ids
        self.step.reviewer_ids = both
        self._create_step("Production", reviewer_ids=both)
        self.order.action_request_review()
        signoffs = self.order.sudo().current_review_id.signoff_ids
        with self.assertRaisesRegex(UserError, "one person signs for one department"):
            signoffs.with_user(self.finance_user).action_approve()

    def test_one_sign_off_twice_in_one_call_is_one_vote(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        signoff.browse([signoff.id, signoff.id]).action_approve()
        self.assertEqual(len(signoff.sudo().vote_ids), 1)

    def test_warehouse_does_not_submit(self):
        keeper = self._create_user("opc_keeper", "stock.group_stock_user")
        for method in ("action_request_review", "action_register"):
            with self.assertRaisesRegex(AccessError, "Order Control: User"):
                getattr(self.order.with_user(keeper), method)()
        self.order.action_request_review()
        self._approve(self.order, "Finance", self.finance_user, "Internal remark")
        self.assertFalse(self.order.with_user(keeper).review_strip["rounds"])

    def test_requester_cannot_take_the_activity_back(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance")
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", "order.signoff"), ("res_id", "=", signoff.id)])
        )
        self.assertTrue(activities)
        for user in (self.salesperson, self.finance_user):
            with self.assertRaises(UserError):
                activities.with_user(user).unlink()
            with self.assertRaises(UserError):
                activities.with_user(user).write({"active": False})
        mine = activities.filtered(lambda a: a.user_id == self.finance_user)
        with self.assertRaisesRegex(UserError, "approving or rejecting"):
            mine.with_user(self.finance_user).action_feedback("done")

    # === WHO READS ===#

    def test_decision_screen_shows_no_foreign_order(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance")
        Wizard = self.env["order.signoff.decision"].with_user(self.production_user)
        with self.assertRaises(AccessError):
            Wizard.onchange(
                {"signoff_id": signoff.id},
                ["signoff_id"],
                {"signoff_id": {}, "order_summary": {}},
            )
        with self.assertRaises(AccessError):
            Wizard.create({"signoff_id": signoff.id})

    def test_portal_customer_does_not_search_by_the_result(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(portal).search([("review_state", "=", "to_submit")])

    # === BAD INPUT ===#

    def test_absurd_arguments_are_told_in_words(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        for comment in (1, 1.5, True, ["x"], {"a": 1}, "x" * 10_001):
            with self.assertRaises(UserError):
                signoff.action_approve(comment)
        for answers in (1, True, "x", {"id": 1}, [{"id": []}], [{"id": {}}], [None], [[1]]):
            with self.assertRaises(UserError):
                signoff.action_approve("fine", answers)
        for blank in ("\u200b", "\x00", " \ufeff\n"):
            with self.assertRaisesRegex(UserError, "reason for the rejection"):
                signoff.action_reject(blank)
        signoff.action_approve("with a \x00 inside")
        self.assertEqual(signoff.sudo().comment, "with a  inside")

    def test_last_day_of_the_calendar(self):
        order = self._create_order(commitment_date="9999-12-31 23:59:59")
        order.action_request_review()
        self.assertEqual(order.review_state, "in_review")

    def test_searching_reviews_by_name(self):
        self.order.action_request_review()
        review = self.order.current_review_id
        self.assertEqual(self.env["order.review"].name_search(self.order.name)[0][0], review.id)
        self.assertIn(
            self.order,
            self.env["sale.order"].search([("current_review_id", "ilike", self.order.name)]),
        )
