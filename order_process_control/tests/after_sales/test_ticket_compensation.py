from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_ticket_goods import GoodsCommon


@tagged("post_install", "-at_install")
class TestTicketCompensation(GoodsCommon):
    """Money for goods that stay with the customer (R-388)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "Ten percent",
                "amount": 10,
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
            }
        )
        cls.desk_line.tax_ids = cls.tax
        cls.invoice = cls._invoice()
        cls.company.ticket_refund_limit = 0

    def _compensate(self, amount=50, quantity=1, ticket=None):
        line = self._add(
            quantity=quantity,
            outcome="compensation",
            ticket=ticket,
            decided_outcome="compensation",
            compensation_amount=amount,
        )
        line.ticket_id.action_create_refund()
        return line

    def test_a_line_of_its_own_on_the_credit_note(self):
        line = self._compensate()
        refund = self.ticket.sudo().refund_ids
        row = refund.invoice_line_ids
        self.assertEqual((refund.state, row.name), ("draft", "Compensation: Desk"))
        self.assertEqual((row.price_subtotal, row.price_total), (50, 55))
        invoiced = self.invoice.invoice_line_ids.filtered(lambda r: r.product_id == self.product)
        self.assertEqual((row.tax_ids, row.account_id), (self.tax, invoiced.account_id))
        self.assertFalse(row.product_id or row.sale_line_ids)
        refund.action_post()
        self.assertEqual((self.desk_line.qty_invoiced, self.desk_line.qty_to_invoice), (10, 0))
        self.assertEqual((line.refunded_quantity, line.compensated_amount), (0, 55))
        self.assertIn("compensated", line.progress_text)
        self.assertEqual(self.ticket.refund_amount, 55)

    def test_once(self):
        line = self._compensate()
        self.assertFalse(self.ticket.can_refund)
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.ticket.action_create_refund()
        with self.assertRaisesRegex(UserError, "Undo it first"):
            line.compensation_amount = 60
        with self.assertRaises(UserError):
            line.unlink()
        self.ticket.action_undo_documents()
        self.assertFalse(self.ticket.sudo().refund_ids)
        line.compensation_amount = 60
        self.assertTrue(self.ticket.can_refund)
        self.ticket.action_create_refund()
        self.assertEqual(line.compensated_amount, 66)

    def test_an_amount_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "enter the compensation"):
            self._add(decided_outcome="compensation")
        self._add(outcome="compensation")
        with self.assertRaisesRegex(ValidationError, "enter the compensation"):
            self.ticket.action_create_refund()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._add(compensation_amount=-1)

    def test_never_more_than_was_invoiced(self):
        with self.assertRaisesRegex(UserError, "1,100.00 can be given back still"):
            self._compensate(1001)
        self.ticket.line_ids.compensation_amount = 1000
        self.ticket.action_create_refund()
        other = self._create_ticket()
        self.ticket.action_resolve("Compensated", "compensation")
        self.ticket.action_confirm_solved("By phone")
        with self.assertRaisesRegex(UserError, "0.00 can be given back still"):
            self._compensate(1, ticket=other)
        # The goods may come back, for no more money
        other.line_ids.unlink()
        self._add(quantity=10, ticket=other)
        self._return(other)
        with self.assertRaisesRegex(UserError, "Nothing to refund"):
            other.action_create_refund()

    def test_not_invoiced(self):
        order = self._deliver([(self.lamp, 2)])
        self._add(
            order.order_line,
            outcome="compensation",
            decided_outcome="compensation",
            compensation_amount=5,
        )
        with self.assertRaisesRegex(UserError, "wait for the invoice"):
            self.ticket.action_create_refund()

    def test_a_later_refund_is_less_by_it(self):
        self._compensate(100)
        self.ticket.action_resolve("Compensated", "compensation")
        self.ticket.action_confirm_solved("By phone")
        other = self._create_ticket()
        line = self._add(quantity=10, ticket=other)
        self._return(other)
        other.action_create_refund()
        refund = other.sudo().refund_ids
        self.assertEqual(refund.amount_total, 990)
        self.assertEqual(line.refunded_quantity, 10)
        refund.action_post()
        self.assertEqual((self.desk_line.qty_invoiced, self.desk_line.qty_to_invoice), (0, 0))

    def test_several_claims_share_what_is_left(self):
        self._add(
            quantity=1,
            outcome="compensation",
            decided_outcome="compensation",
            compensation_amount=600,
        )
        self._add(quantity=9, outcome="refund")
        self.ticket.action_create_refund()
        # Nine at a price that is rounded down
        self.assertEqual(self.ticket.sudo().refund_ids.amount_total, 1099.96)

    def test_in_another_currency(self):
        currency = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rate_ids": [Command.create({"rate": 4})]}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        order = self._create_order(lines=[(self.lamp, 1)], pricelist_id=pricelist.id)
        order = self._deliver([(self.lamp, 1)], order=order)
        order.order_line.tax_ids = False
        self._invoice(order)
        self.assertEqual(order.currency_id, currency)
        line = self._add(
            order.order_line,
            outcome="compensation",
            decided_outcome="compensation",
            compensation_amount=8,
        )
        self.assertEqual(line.currency_id, currency)
        self.assertEqual(line.sudo()._get_refund_plan(), [[line.id, 0.0, 2.0]])
        self.ticket.action_create_refund()
        refund = self.ticket.sudo().refund_ids
        self.assertEqual((refund.currency_id, refund.amount_total), (currency, 8))

    def test_above_the_limit_it_is_signed(self):
        self._create_step("Refunds", self.finance, subjects="refund")
        self.company.ticket_refund_limit = 100
        line = self._compensate(200)
        self.assertFalse(self.ticket.sudo().refund_count)
        signoff = self.ticket.sudo().refund_review_id.signoff_ids
        self.assertIn("Desk (compensation)", signoff.refund_summary)
        line.compensation_amount = 300
        signoff.with_user(self.finance_user).action_approve()
        self.assertEqual(self.ticket.sudo().refund_review_state, "superseded")
        self.ticket.action_create_refund()
        signoff = self.ticket.sudo().refund_review_id.signoff_ids
        signoff.with_user(self.finance_user).action_approve()
        self.assertEqual(self.ticket.sudo().refund_review_state, "approved")
        self.assertEqual(self.ticket.sudo().refund_ids.amount_untaxed, 300)

    def test_customers_know_nothing_of_it(self):
        line = self._add(outcome="compensation", compensation_amount=50)
        portal = self._portal_user(self.contact)
        theirs = line.with_user(portal)
        self.assertEqual(theirs.read(["quantity"])[0]["quantity"], 1)
        for name in ("compensation_amount", "compensated_amount"):
            with self.assertRaises(AccessError):
                theirs.read([name])
        with self.assertRaises(AccessError):
            theirs.search([("compensation_amount", ">", 10)])
        with self.assertRaises(AccessError):
            theirs.compensation_amount = 1000

    def test_nobody_says_what_is_a_compensation(self):
        line = self._compensate()
        row = line.sudo()._get_refund_lines()
        self.finance_user.group_ids |= self.env.ref("account.group_account_invoice")
        row.with_user(self.finance_user).write({"is_ticket_compensation": False})
        self.assertTrue(row.is_ticket_compensation)
