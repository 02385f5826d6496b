from odoo.fields import Command
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestCredit(CommerceCommon):
    """Receivable + confirmed not invoiced + in review + this order, against the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.credit_limit = 1000.0

    def _judge(self, order, threshold=0.0):
        return self._fact("credit_exposure", order, threshold)

    def test_the_sum_in_words_and_figures(self):
        self._create_invoice(300)
        self._confirm(self._create_order(lines=[(self.product, 1)]))
        self._create_order(lines=[(self.product, 4)]).action_request_review()
        self._create_order(lines=[(self.product, 50)])  # a quotation that nobody has submitted
        fact = self._judge(self._create_order(lines=[(self.product, 3)]))
        self._assert_fact(
            fact,
            "fail",
            "Receivable 300.00 + confirmed not invoiced 100.00 + in review 400.00"
            " + this order 300.00 = 1,100.00 > limit 1,000.00 USD.",
        )
        self.assertEqual(fact.figures["exposure"], 1100.0)
        self.assertEqual(
            [source.model for source in fact.sources],
            ["account.move.line", "sale.order", "sale.order"],
        )
        for source, count in zip(fact.sources, (1, 1, 1), strict=True):
            self.assertEqual(self.env[source.model].search_count(source.domain), count, source)

    def test_under_the_limit_and_near_it(self):
        order = self._create_order(lines=[(self.product, 9)])
        self._assert_fact(self._judge(order), "pass", "900.00 ≤ limit 1,000.00 USD")
        self._assert_fact(self._judge(order, 80), "warn", "90 % of the limit are used.")
        order.order_line.product_uom_qty = 10
        self._assert_fact(self._judge(order), "pass")

    def test_no_limit_set(self):
        order = self._create_order(lines=[(self.product, 90)])
        self.customer.credit_limit = 0.0
        self._assert_fact(self._judge(order), "pass", "No credit limit is set", "= 9,000.00 USD.")
        self.customer.credit_limit = 10.0
        self.company.account_use_credit_limit = False
        self._assert_fact(self._judge(order), "pass", "No credit limit is set")

    def test_all_contacts_of_a_company_count(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self._create_order(lines=[(self.product, 6)]).action_request_review()
        order = self._create_order(lines=[(self.product, 6)], partner_id=contact.id)
        self._assert_fact(self._judge(order), "fail", "in review 600.00")

    def test_orders_submitted_together_count_each_other(self):
        one, two = (self._create_order(lines=[(self.product, 6)]) for _number in range(2))
        self._assert_fact(self._judge(one), "pass")
        for fact in self._run("credit_exposure", one | two).values():
            self._assert_fact(fact, "fail", "in review 600.00 + this order 600.00")

    def test_approved_counts_and_cancelled_or_rejected_does_not(self):
        others = [self._create_order(lines=[(self.product, 2)]) for _number in range(3)]
        approved, rejected, cancelled = others
        for order in others:
            order.action_request_review()
        self._approve(approved, "Finance", self.finance_user)
        self._reject(rejected, "Finance", self.finance_user)
        cancelled.action_cancel()
        fact = self._judge(self._create_order(lines=[(self.product, 1)]))
        self._assert_fact(fact, "pass", "in review 200.00 + this order 100.00")

    def test_invoices_take_over_from_orders(self):
        order = self._confirm(self._create_order(lines=[(self.service, 4)]))
        self.service.invoice_policy = "order"
        new = self._create_order(lines=[(self.product, 1)])
        invoice = order.sudo()._create_invoices()
        self._assert_fact(
            self._judge(new), "pass", "Receivable 0.00 + confirmed not invoiced 200.00"
        )
        invoice.action_post()
        self._assert_fact(
            self._judge(new), "pass", "Receivable 200.00 + confirmed not invoiced 0.00"
        )
        # Credited: it is owed no longer, and would be invoiced again
        refund = invoice._reverse_moves(cancel=True)
        self.assertEqual(refund.state, "posted")
        self._assert_fact(
            self._judge(new), "pass", "Receivable 0.00 + confirmed not invoiced 200.00"
        )

    def test_refund_lowers_and_draft_or_cancelled_does_not_count(self):
        self._create_invoice(500)
        self._create_invoice(150, move_type="out_refund")
        self._create_invoice(700, post=False)
        self._create_invoice(800).button_cancel()
        order = self._create_order(lines=[(self.product, 1)])
        self._assert_fact(self._judge(order), "pass", "Receivable 350.00 +")

    def test_what_is_delivered_short_is_not_expected(self):
        self.product.invoice_policy = "delivery"
        order = self._confirm(self._create_order(lines=[(self.product, 5)]))
        new = self._create_order(lines=[(self.product, 1)])
        self._assert_fact(self._judge(new), "pass", "confirmed not invoiced 500.00")
        picking = order.sudo().picking_ids
        picking.move_ids.quantity = 2
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertEqual(order.sudo().delivery_status, "full")
        self._assert_fact(self._judge(new), "pass", "confirmed not invoiced 200.00")

    def test_currencies(self):
        order = self._create_order(
            lines=[(self.product, 2)], pricelist_id=self.foreign_pricelist.id
        )
        self.assertEqual(order.amount_total, 800.0)
        self._create_invoice(400, currency_id=self.foreign.id)
        fact = self._judge(order)
        self._assert_fact(fact, "pass", "Receivable 100.00", "this order 200.00 = 300.00 ≤")

    def test_other_companies_do_not_count(self):
        other = self._create_other_company()
        self._create_invoice(5000, company_id=other.id)
        self.customer.with_company(other).credit_limit = 1.0
        order = self._create_order(lines=[(self.product, 1)])
        self._assert_fact(self._judge(order), "pass", "Receivable 0.00", "limit 1,000.00")

    def test_confirmed_order_is_counted_once(self):
        order = self._confirm(self._create_order(lines=[(self.product, 4)]))
        self._assert_fact(
            self._judge(order), "pass", "confirmed not invoiced 0.00", "this order 400.00 = 400.00"
        )

    def test_evidence_is_for_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.salesperson.lang = "de_DE"
        criterion = self._add("credit_exposure").with_user(self.salesperson)
        criterion = criterion.with_context(lang="de_DE").sudo()
        order = self._create_order(lines=[(self.product, 30)])
        fact = criterion._run_checks(order.sudo())[criterion.id][order.id]
        self.assertIn("3.000,00", fact.evidence)
        # The salesperson reads no journal items; the evidence is computed all the same
        self.assertFalse(self.env["account.move.line"].with_user(self.employee).has_access("read"))

    def test_blocking_and_visible_to_finance_alone(self):
        self.customer.credit_limit = 100.0
        self._add("credit_exposure", blocking=True)
        order = self._create_order(lines=[(self.product, 2)])
        with self.assertRaisesRegex(Exception, "200.00 > limit 100.00"):
            order.action_request_review()
        self.step.criterion_ids.write({"blocking": False, "visibility": "department"})
        order.action_request_review()
        answer = self._signoff(order, "Finance").answer_ids
        self.assertIn("200.00", answer.with_user(self.finance_user).evidence)
        self.assertNotIn("200.00", answer.with_user(self.salesperson).sudo(False).evidence)

    def test_many_lines_of_one_product(self):
        order = self._create_order(lines=[(self.product, 1), (self.product, 2)])
        order.order_line[1].discount = 50
        self._confirm(order)
        new = self._create_order(order_line=[Command.clear()])
        self._assert_fact(self._judge(new), "pass", "confirmed not invoiced 200.00")
