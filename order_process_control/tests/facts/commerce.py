from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..common import OrderProcessCommon


class CommerceCommon(OrderProcessCommon):
    """What the tests of commercial checks need: invoices, another company, another currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.company.account_use_credit_limit = True
        cls.today = fields.Date.context_today(cls.company)
        cls.currency = cls.company.currency_id
        cls.foreign = cls.env["res.currency"].create(
            {"name": "OPX", "symbol": "x", "rate_ids": [Command.create({"rate": 4.0})]}
        )
        cls.foreign_pricelist = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id}
        )
        # No pricelist, tax or prepayment by default: amounts are what the test says
        (cls.product | cls.service).taxes_id = False
        cls.company.portal_confirmation_pay = False
        cls.product.standard_price = 60.0

    @classmethod
    def _add(cls, code, threshold=0.0, **vals):
        return cls.env["order.review.criterion"].create(
            {
                "step_id": cls.step.id,
                "name": code,
                "kind": "automatic",
                "check_code": code,
                "threshold": threshold,
                **vals,
            }
        )

    def _run(self, code, orders, threshold=0.0, user=None):
        """Return ``{order: Fact}`` of a check, run as a submission does for ``user``."""
        criterion = self._add(code, threshold).with_user(user or self.salesperson).sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        facts = criterion._run_checks(orders.sudo())[criterion.id]
        return {order: facts[order.id] for order in orders}

    def _fact(self, code, order, threshold=0.0, user=None):
        return self._run(code, order, threshold, user)[order]

    def _assert_fact(self, fact, result, *texts):
        self.assertEqual(fact.result, result, fact.evidence)
        for text in texts:
            self.assertIn(text, fact.evidence)

    @classmethod
    def _create_invoice(cls, amount, days_late=-30, post=True, partner=None, **vals):
        """Create an invoice of ``amount`` in the currency of its company, due some days ago."""
        due = cls.today - timedelta(days=days_late)
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": min(due, cls.today),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "x", "price_unit": amount, "tax_ids": [Command.clear()]}
                    )
                ],
                **vals,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _confirm(self, order):
        self.env["order.review.step"].search([]).action_archive()
        order.action_confirm()
        self.step.action_unarchive()
        return order

    def _set_age(self, order, days):
        """Let an order be so many days old."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = create_date - make_interval(days => %s),"
            " date_order = date_order - make_interval(days => %s) WHERE id = %s",
            [days, days, order.id],
        )
        self.env.invalidate_all()

    @classmethod
    def _create_other_company(cls):
        """Return a company with accounts of its own, in the same currency."""
        company = cls.env["res.company"].create(
            {
                "name": "Other",
                "currency_id": cls.currency.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env.user.company_ids |= company
        cls.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        return company
