from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestOverdue(CommerceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()

    def _judge(self, threshold=0.0):
        return self._fact("overdue_invoices", self.order, threshold)

    def test_nothing_is_overdue(self):
        self._create_invoice(100, days_late=0)
        self._create_invoice(100, days_late=20, post=False)
        self._assert_fact(self._judge(), "pass", "Nothing is overdue.")
        self._assert_fact(self._judge(5), "pass", "Nothing is more than 5 days late.")

    def test_what_is_overdue_is_named(self):
        invoices = [self._create_invoice(100 + late, days_late=late) for late in range(1, 6)]
        fact = self._judge()
        self._assert_fact(
            fact, "fail", "515.00 USD overdue", "(5 days)", invoices[4].name, "and 2 more"
        )
        items = self.env["account.move.line"].search(fact.sources[0].domain)
        self.assertEqual(set(items.move_id.ids), {invoice.id for invoice in invoices})

    def test_days_are_tolerated(self):
        self._create_invoice(100, days_late=3)
        self._assert_fact(self._judge(3), "pass")
        self._assert_fact(self._judge(2), "fail", "100.00 USD")

    def test_paid_and_credited(self):
        invoice = self._create_invoice(100, days_late=9)
        invoice._reverse_moves(cancel=True)
        self._assert_fact(self._judge(), "pass")

    def test_open_credit_is_a_warning(self):
        self._create_invoice(100, days_late=9)
        self._create_invoice(40, move_type="out_refund")
        self._assert_fact(self._judge(), "fail")
        self._create_invoice(60, move_type="out_refund")
        self._assert_fact(self._judge(), "warn", "Open credit of 100.00 USD covers it")

    def test_other_customers_and_companies_do_not_count(self):
        self._create_invoice(100, days_late=9, partner=self.finance_user.partner_id)
        other = self._create_other_company()
        self._create_invoice(100, days_late=9, company_id=other.id)
        self._assert_fact(self._judge(), "pass")

    def test_foreign_currency(self):
        self._create_invoice(400, days_late=9, currency_id=self.foreign.id)
        self._assert_fact(self._judge(), "fail", "100.00 USD overdue")
