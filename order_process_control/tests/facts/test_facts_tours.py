from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin, OrderProcessCommon


class FactsToursCommon(MissingDebianAssetMixin, OrderProcessCommon, HttpCase):
    """Customers of whom Odoo knows something, and the demo data's people who decide on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.solid = cls._create_customer("Solid Customer", 100_000)
        cls.growing = cls._create_customer("Growing Customer", 150)
        cls.late = cls._create_customer("Late Customer", 100_000)

    @classmethod
    def _create_customer(cls, name, credit_limit):
        return cls.env["res.partner"].create({"name": name, "credit_limit": credit_limit})

    @classmethod
    def _create_facts_step(cls, name, login, **vals):
        user = cls.env.ref(f"order_process_control.user_demo_{login}")
        step = cls._create_step(name, reviewer_ids=user.ids, **vals)
        cls.env["order.review.criterion"].create(
            [
                {
                    "step_id": step.id,
                    "name": question,
                    "kind": "automatic" if code else "manual",
                    "check_code": code,
                }
                for question, code in (
                    ("Within the credit limit", "credit_exposure"),
                    ("Pays in time", "overdue_invoices"),
                    ("Are the prices right?", False),
                )
            ]
        )
        return step

    @classmethod
    def _let_owe(cls, partner, days_late):
        """Post an invoice of ``partner`` that should have been paid ``days_late`` days ago."""
        day = fields.Date.today() - timedelta(days=days_late)
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [Command.create({"name": "Old debt", "price_unit": 500.0})],
            }
        ).action_post()

    def _submit_for(self, partner):
        order = self._create_order(partner_id=partner.id)
        order.action_request_review()
        return order


@tagged("post_install", "-at_install")
class TestFactsTours(FactsToursCommon):
    def test_finance_decides_three_orders_from_the_facts(self):
        self._let_owe(self.late, 60)
        self._create_facts_step("Finance", "finance")
        orders = [self._submit_for(p) for p in (self.solid, self.growing, self.late)]
        self.start_tour("/odoo/my-signoffs", "order_facts_finance_decides", login="finance")
        self.env.invalidate_all()
        self.assertEqual([o.review_state for o in orders], ["approved", "approved", "rejected"])
        reason = self._signoff(orders[1], "Finance").comment
        self.assertEqual(reason, "A deposit came in this morning")


@tagged("post_install", "-at_install")
class TestFactsPhoneTour(FactsToursCommon):
    browser_size = "375x667"
    touch_enabled = True

    def test_general_manager_signs_on_a_phone(self):
        self._create_facts_step("General Management", "general_manager", is_final=True)
        order = self._submit_for(self.solid)
        self.start_tour(
            "/odoo/my-signoffs", "order_facts_manager_signs_on_a_phone", login="general_manager"
        )
        self.env.invalidate_all()
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(self._signoff(order, "General Management").comment, "Go ahead")
