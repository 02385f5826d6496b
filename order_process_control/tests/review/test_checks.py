from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestChecks(OrderProcessCommon):
    """Questions to the reviewer, and facts that Odoo looks up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Logistics", reviewer_ids=cls.finance_user.ids)
        cls.Criterion = cls.env["order.review.criterion"]

    def _add(self, name, **vals):
        return self.Criterion.create({"step_id": self.step.id, "name": name, **vals})

    def _submit(self, **vals):
        order = self._create_order(**vals)
        order.action_request_review()
        return order, self._signoff(order, "Logistics")

    def test_mandatory_answers_are_mandatory_on_the_server(self):
        self._add("Can it be shipped?")
        self._add("Anything else?", is_required=False)
        order, signoff = self._submit()
        with self.assertRaisesRegex(UserError, "please answer first:\\n- Can it be shipped"):
            self._approve(order, "Logistics", self.finance_user)
        answer = signoff.answer_ids[0]
        self._approve(
            order,
            "Logistics",
            self.finance_user,
            answers=[{"id": answer.id, "result": "pass", "note": "By truck"}],
        )
        self.assertRecordValues(answer, [{"result": "pass", "note": "By truck"}])
        self.assertEqual(order.review_state, "approved")

    def test_approving_what_is_not_in_order_needs_a_reason(self):
        self._add("Can it be shipped?")
        order, signoff = self._submit()
        answers = [{"id": signoff.answer_ids.id, "result": "fail"}]
        with self.assertRaisesRegex(UserError, "why you approve although"):
            self._approve(order, "Logistics", self.finance_user, answers=answers)
        self._approve(order, "Logistics", self.finance_user, "Customer collects", answers)
        self.assertEqual(signoff.comment, "Customer collects")

    def test_answers_that_do_not_belong_here_are_refused(self):
        self._add("Can it be shipped?")
        self._add("In stock", kind="automatic", check_code="stock_available")
        order, signoff = self._submit()
        _other, other_signoff = self._submit()
        manual, automatic = signoff.answer_ids
        for bad in (
            [{"id": other_signoff.answer_ids[0].id, "result": "pass"}],
            [{"id": automatic.id, "result": "pass"}],
            [{"id": manual.id, "result": "unknown"}],
            [{"id": manual.id, "result": "excellent"}],
            [{"result": "pass"}],
            ["pass"],
        ):
            with self.assertRaisesRegex(UserError, "does not fit the questions"):
                self._approve(order, "Logistics", self.finance_user, "x", bad)

    def test_stock_on_hand_and_planned_by_the_promised_date(self):
        criterion = self._add("In stock", kind="automatic", check_code="stock_available")
        self._stock(self.product, 3)
        order = self._create_order(lines=[(self.product, 2), (self.product, 2)])
        check = criterion._check_stock_available(order)[order.id]
        self.assertEqual(check[0], "fail")
        self.assertIn("needs 4 Units, forecast 3", check[1])
        self._plan_receipt(self.product, 1, order.commitment_date - timedelta(days=1))
        self.assertEqual(criterion._check_stock_available(order)[order.id][0], "pass")
        order.commitment_date = fields.Datetime.now() + timedelta(days=5)
        self.assertEqual(criterion._check_stock_available(order)[order.id][0], "fail")

    def _plan_receipt(self, product, quantity, date):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "date": date,
            }
        )
        move._action_confirm()
        return move

    def test_stock_without_promised_date_or_goods(self):
        criterion = self._add("In stock", kind="automatic", check_code="stock_available")
        self._stock(self.product, 5)
        undated = self._create_order(commitment_date=False)
        service = self._create_order(lines=[(self.service, 1)])
        results = criterion._check_stock_available(undated | service)
        self.assertEqual(results[undated.id][0], "warn")
        self.assertEqual(results[service.id][0], "pass")

    def test_evidence_is_kept_with_the_signoff(self):
        self._add("In stock", kind="automatic", check_code="stock_available")
        order, signoff = self._submit()
        self.assertEqual(signoff.answer_ids.result, "fail")
        self.assertIn("needs 2 Units, forecast 0", signoff.answer_ids.evidence)
        with self.assertRaisesRegex(UserError, "not in order:\\n- In stock"):
            self._approve(order, "Logistics", self.finance_user)
        self._approve(order, "Logistics", self.finance_user, "Production makes them in time")

    def test_broken_check_neither_blocks_nor_passes_silently(self):
        self._add("In stock", kind="automatic", check_code="stock_available")

        def boom(self, orders):
            raise ValueError("no forecast today")

        self.patch(type(self.Criterion), "_check_stock_available", boom)
        _order, signoff = self._submit()
        self.assertEqual(signoff.answer_ids.result, "unknown")
        self.assertIn("Could not be checked: no forecast today", signoff.answer_ids.evidence)

    def test_queries_do_not_grow_with_the_orders(self):
        criterion = self._add("In stock", kind="automatic", check_code="stock_available")
        orders = self.env["sale.order"].union(*(self._create_order() for _ in range(6)))
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            criterion._check_stock_available(records)
            return self.env.cr.sql_log_count - start

        count(orders[:1])  # what Odoo keeps between requests, such as the language
        self.assertEqual(count(orders[:2]), count(orders))

    def test_decision_screen(self):
        self._add("Can it be shipped?", guidance="Look at the address")
        self._add("In stock", kind="automatic", check_code="stock_available")
        order, signoff = self._submit()
        action = signoff.with_user(self.finance_user).action_open_decision()
        wizard = (
            self.env["order.signoff.decision"].with_user(self.finance_user).browse(action["res_id"])
        )
        self.assertEqual(wizard.line_ids.mapped("name"), ["Can it be shipped?"])
        self.assertEqual(wizard.fact_ids.mapped("name"), ["In stock"])
        self.assertIn("Careful Customer", wizard.order_summary)
        wizard.line_ids.result = "pass"
        wizard.comment = "Will be bought"
        wizard.action_approve()
        self.assertEqual(order.review_state, "approved")
        with self.assertRaisesRegex(UserError, "not open any more"):
            signoff.with_user(self.finance_user).action_open_decision()
