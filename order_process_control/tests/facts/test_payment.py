from odoo.fields import Command
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestTerms(CommerceCommon):
    """Payment terms: the customer's own or what the class allows (R-125)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days30, cls.days60 = cls.env["account.payment.term"].create(
            [{"name": "30 days"}, {"name": "60 days"}]
        )
        cls.special = cls.env["order.class"].create({"name": "Special terms"})

    def _judge(self, term, **vals):
        order = self._create_order(payment_term_id=term and term.id, **vals)
        return self._fact("payment_terms", order)

    def test_the_customers_own(self):
        self.customer.property_payment_term_id = self.days30
        self._assert_fact(self._judge(self.days30), "pass", "usual payment terms")
        self._assert_fact(
            self._judge(self.days60), "fail", "“60 days” are not the customer's usual “30 days”."
        )
        self._assert_fact(self._judge(False), "warn", "due at once, though “30 days”")

    def test_nothing_agreed(self):
        self._assert_fact(self._judge(False), "pass", "due at once")
        self._assert_fact(self._judge(self.days60), "warn", "nothing is agreed")

    def test_allowed_by_the_class(self):
        self.special.allowed_payment_term_ids = self.days60
        class_id = self.special.id
        self._assert_fact(
            self._judge(self.days60, class_id=class_id), "pass", "class of the order allows"
        )
        self._assert_fact(
            self._judge(self.days30, class_id=class_id), "fail", "does not allow “30 days”"
        )
        self.customer.property_payment_term_id = self.days30
        self._assert_fact(self._judge(self.days30, class_id=class_id), "pass")
        self.special.allowed_payment_term_ids = False
        self._assert_fact(self._judge(self.days60, class_id=class_id), "fail")

    def test_terms_of_another_company(self):
        other = self._create_other_company()
        self.customer.with_company(other).property_payment_term_id = self.days60
        self._assert_fact(self._judge(self.days60), "warn")


@tagged("post_install", "-at_install")
class TestPrepayment(CommerceCommon):
    """What is asked for in advance, down payments and what was paid (R-035, R-125)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(lines=[(cls.product, 10)])
        cls.provider = cls.env["payment.provider"].create({"name": "Test"})
        cls.method = cls.env["payment.method"].create({"name": "Test", "code": "opc"})

    def _judge(self, threshold=0.0):
        return self._fact("prepayment", self.order, threshold)

    def _ask(self, percent):
        self.order.write({"require_payment": True, "prepayment_percent": percent})

    def _pay(self, amount, state="done", **vals):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "amount": amount,
                "currency_id": self.currency.id,
                "partner_id": self.customer.id,
                "reference": f"T{amount}{state}{len(self.order.sudo().transaction_ids)}",
                "state": state,
                "sale_order_ids": [Command.set(self.order.ids)],
                **vals,
            }
        )

    def test_none_is_asked(self):
        self._assert_fact(self._judge(), "pass", "No prepayment is asked for.")
        self._assert_fact(self._judge(30), "fail", "0 % are asked for in advance, at least 30 %")

    def test_asked_and_paid(self):
        self._ask(0.29)
        self._assert_fact(self._judge(30), "fail", "at least 30 %")
        fact = self._judge(29)
        self._assert_fact(
            fact, "warn", "29 % of 1,000.00 USD = 290.00 USD asked for", "Paid: 0.00 USD"
        )
        self._pay(100)
        self._pay(500, "pending")
        self._pay(500, "cancel")
        self._assert_fact(self._judge(), "warn", "Paid: 100.00 USD")
        self._pay(190)
        self._assert_fact(self._judge(), "pass", "Paid: 290.00 USD")
        self._pay(900)
        self._assert_fact(self._judge(), "fail", "more than the total")

    def test_another_currency_is_not_compared(self):
        self._ask(0.5)
        self._pay(2000, currency_id=self.foreign.id)
        self._assert_fact(self._judge(), "unknown", "another currency")

    def test_impossible_percentage(self):
        self._ask(0.5)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET prepayment_percent = 1.5 WHERE id = %s", self.order.ids
        )
        self._assert_fact(self._judge(), "fail", "150 %", "at most 100")

    def test_of_nothing(self):
        self._ask(0.5)
        self.order.order_line.price_unit = 0
        self._assert_fact(self._judge(), "fail", "50 % of 0.00 USD")

    def test_down_payments(self):
        self.order.order_line = [
            Command.create(
                {
                    "product_id": self.service.id,
                    "is_downpayment": True,
                    "product_uom_qty": 0,
                    "price_unit": 400,
                }
            )
        ]
        self._assert_fact(self._judge(), "pass", "Down payments 400.00 USD ≤ 1,000.00 USD")
        self.order.order_line[1].price_unit = 1001
        self._assert_fact(self._judge(), "fail", "1,001.00 USD >")
        self.order.order_line[1].write({"product_uom_qty": 1, "price_unit": 100})
        self._assert_fact(self._judge(), "fail", "with a quantity change the total")
