from odoo.exceptions import AccessError
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestAttacksFacts(CommerceCommon):
    """Ways around what Odoo looks up, each closed for good."""

    # === READING ===#

    def test_preview_of_others(self):
        """What a manager has looked at is not for everybody to search."""
        self._add("credit_exposure", visibility="department")
        self.customer.credit_limit = 123.0
        order = self._create_order()
        preview = self.env["order.review.preview"].with_user(self.process_manager)
        preview = preview.create({"order_id": order.id})
        self.assertIn("123.00", preview.line_ids.evidence)
        for user in (self.salesperson, self.other_salesperson):
            lines = self.env["order.review.preview.line"].with_user(user)
            self.assertFalse(lines.search([("preview_id", "=", preview.id)]))
            self.assertFalse(preview.with_user(user).search([("id", "=", preview.id)]))
            with self.assertRaises(AccessError):
                preview.line_ids.with_user(user).read(["evidence"])
            with self.assertRaises(AccessError):
                preview.with_user(user).read(["line_ids"])
        own = self.env["order.review.preview"].with_user(self.salesperson)
        own = own.create({"order_id": order.id})
        self.assertEqual(own.line_ids.evidence, "Only Finance sees the figures.")

    def test_kept_evidence_is_not_guessed(self):
        self._add("credit_exposure", visibility="department")
        order = self._create_order()
        order.action_request_review()
        answers = self.env["order.signoff.answer"].with_user(self.salesperson)
        signoffs = self.env["order.signoff"].with_user(self.salesperson)
        for attempt in (
            lambda: answers.search([("kept_evidence", "ilike", "limit")]),
            lambda: answers.search([("figures", "ilike", "1")]),
            lambda: answers.search([], order="kept_evidence"),
            lambda: answers.formatted_read_group([], ["kept_evidence"], ["__count"]),
            lambda: answers.formatted_read_group([], [], ["kept_evidence:array_agg"]),
            lambda: answers.search([]).read(["sources"]),
            lambda: signoffs.search([("answer_ids.kept_evidence", "ilike", "limit")]),
        ):
            with self.assertRaises(AccessError):
                attempt()

    # === FORGING ===#

    def test_confirmed_orders_hidden_from_the_credit(self):
        self.product.invoice_policy = "delivery"
        self.customer.credit_limit = 300.0
        confirmed = self._confirm(self._create_order(lines=[(self.product, 3)]))
        self._set_age(confirmed, 400)
        order = self._create_order()
        self._assert_fact(self._fact("credit_exposure", order), "fail", "not invoiced 300.00")
        confirmed.with_user(self.salesperson).write(
            {"invoice_status": "invoiced", "delivery_status": "full"}
        )
        self._assert_fact(self._fact("credit_exposure", order), "fail", "not invoiced 300.00")

    def test_invoice_for_somebody_else(self):
        """The customer without debts orders, the one with debts is invoiced."""
        debtor = self.env["res.partner"].create({"name": "Debtor"})
        self._create_invoice(500, days_late=40, partner=debtor)
        order = self._create_order(partner_invoice_id=debtor.id)
        for code in ("credit_exposure", "overdue_invoices"):
            self._assert_fact(self._fact(code, order), "warn", "Invoiced to Debtor")
        contact = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": self.customer.id, "type": "invoice"}
        )
        order.partner_invoice_id = contact
        self._assert_fact(self._fact("overdue_invoices", order), "pass")

    def test_gift_of_ones_own_through_a_colleague(self):
        order = self._create_order(lines=[(self.product, 1)])
        order.order_line.write({"is_gift": True, "price_unit": 0})
        boss = order.with_user(self.sales_manager)
        boss.action_approve_gifts()
        self._assert_fact(self._fact("gift_lines", order), "pass")
        # Approved while it was a colleague's, then taken over
        boss.user_id = self.sales_manager
        self._assert_fact(self._fact("gift_lines", order), "fail", "no sales manager has approved")
        self.assertEqual(order.sudo().gifts_to_approve, 1)

    def test_approved_gift_moved_to_another_order(self):
        orders = self._create_order(lines=[(self.product, 1)]), self._create_order()
        gift = orders[0].order_line
        gift.write({"is_gift": True, "price_unit": 0})
        orders[0].with_user(self.sales_manager).action_approve_gifts()
        gift.order_id = orders[1]
        self._assert_fact(self._fact("gift_lines", orders[1]), "fail")
        self.assertFalse(gift.gift_approved_by)

    def test_record_that_corrects_one_of_a_colleague(self):
        vals = {"caller_name": "Ann", "content": "Two desks"}
        theirs = self._create_order(self.other_salesperson)
        records = self.env["order.oral.record"]
        record = records.with_user(self.other_salesperson).create({**vals, "order_id": theirs.id})
        own = {**vals, "order_id": self._create_order().id}
        records = records.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            records.create({**own, "corrects_id": record.id})
        self.assertFalse(
            records.with_context(default_corrects_id=record.id).create(own).corrects_id
        )

    # === FACTS OF A MOMENT ===#

    def _stock_elsewhere(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Full", "code": "FUL"})
        self.env["stock.quant"]._update_available_quantity(
            self.product, warehouse.lot_stock_id, 100
        )
        return warehouse

    def _sign_by_stock(self, **vals):
        self.step.auto_approve = True
        self._add("stock_available")
        order = self._create_order(lines=[(self.product, 50)], **vals)
        order.action_request_review()
        self.env.flush_all()
        return order

    def test_warehouse_only_while_it_is_submitted(self):
        order = self._sign_by_stock(warehouse_id=self._stock_elsewhere().id)
        self.assertEqual(order.review_state, "approved")
        order.warehouse_id = order.warehouse_id
        self.assertEqual(order.review_state, "approved", "nothing was changed")
        order.warehouse_id = self.warehouse
        self.assertEqual(order.review_state, "to_submit")
        order.action_request_review()
        self.assertEqual(order.review_state, "in_review", "a person is asked")

    def test_warehouse_of_the_line(self):
        elsewhere = self._stock_elsewhere()
        order = self._sign_by_stock()
        self.assertEqual(order.review_state, "in_review")
        order.order_line.write({"warehouse_id": elsewhere.id})
        self.assertEqual(order.order_line.warehouse_id, self.warehouse)

    def test_route_only_while_it_is_submitted(self):
        elsewhere = self._stock_elsewhere()
        order = self._create_order(lines=[(self.product, 50)])
        route = elsewhere.delivery_route_id
        route.sale_selectable = True
        order.order_line.route_ids = route
        self.step.auto_approve = True
        self._add("stock_available")
        order.action_request_review()
        self.assertEqual(order.review_state, "approved")
        order.write({"order_line": [(1, order.order_line.id, {"route_ids": [(5,)]})]})
        self.assertEqual(order.review_state, "to_submit")

    def test_warehouse_that_nobody_asked_about(self):
        order = self._create_order()
        order.action_request_review()
        order.warehouse_id = self._stock_elsewhere()
        self.assertEqual(order.review_state, "in_review")

    # === CLASSES CHOSEN BY HAND ===#

    def test_class_that_needs_no_customer_check(self):
        self.env["order.class"].search([]).action_archive()
        ruled, loose = self.env["order.class"].create(
            [
                {"name": "By the Rules", "match_domain": "[]", "needs_customer_check": True},
                {"name": "By Hand", "sequence": 90},
            ]
        )
        order = self._create_order()
        self.assertEqual(order.class_id, ruled)
        order.class_id = loose
        self.assertTrue(order.needs_customer_check)
        self.assertIn("gone through", order._get_submission_problems()[order][0])
        order.action_check_with_customer("phone")
        self.assertFalse(order._get_submission_problems()[order])
