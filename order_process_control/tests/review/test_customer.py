import json
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.payment.tests.common import PaymentCommon
from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.addons.sale.models.sale_order import SaleOrder as OdooSaleOrder

from ...models.order.process_token import as_process
from ..common import OrderProcessCommon

# The smallest PNG there is
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
OUR_LOGGER = "odoo.addons.order_process_control.models.review.sale_order_customer"


class CustomerCommon(OrderProcessCommon):
    """One department to sign, and a customer with a portal user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.customer.email = "careful@example.com"
        cls.portal_user = new_test_user(
            cls.env, login="opc_portal", groups="base.group_portal", name="Portal Person"
        )
        cls.portal_user.partner_id.write(
            {"parent_id": cls.customer.id, "email": "person@example.com"}
        )

    @classmethod
    def _create_order(cls, user=None, lines=None, **vals):
        # Without the demo company's terms that would ask for a payment as well
        return super()._create_order(
            user, lines, **{"require_signature": True, "require_payment": False, **vals}
        )

    def _sign(self, order):
        """Sign as the portal does: with all rights, and a private method."""
        order = order.sudo()
        order.write({"signed_by": "Me", "signed_on": fields.Datetime.now(), "signature": SIGNATURE})
        order._validate_order()

    def _release(self, order):
        self._approve(order, "Finance", self.finance_user)

    def _activities(self, order, kind):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", order.id),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref(f"order_process_control.mail_activity_type_{kind}").id,
                ),
            ]
        )

    def _letters(self, order):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )


@tagged("post_install", "-at_install")
class TestCustomer(CustomerCommon):
    """The customer accepts: always kept, reviewed, and confirmed at release (R-150, R-151)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()

    # === ACCEPTING ===#

    def test_accepted_order_is_submitted_by_its_salesperson(self):
        self._sign(self.order)
        self.assertEqual(self.order.state, "sent")
        self.assertTrue(self.order.customer_accepted and self.order.customer_accepted_at)
        self.assertTrue(self.order.signature)
        self.assertEqual(self.order.review_state, "in_review")
        self.assertEqual(self.order.current_review_id.requested_by, self.salesperson)
        self.assertEqual(self.order.registered_by, self.salesperson)

    def test_without_salesperson_odoobot_submits(self):
        order = self._create_order(user=self.sales_manager, user_id=False)
        self._sign(order)
        self.assertEqual(order.current_review_id.requested_by, self.env.ref("base.user_root"))
        self._release(order)
        self.assertEqual(order.state, "sale")

    def test_salesperson_of_the_past_does_not_submit(self):
        self.salesperson.active = False
        self._sign(self.order)
        self.assertEqual(self.order.current_review_id.requested_by, self.env.ref("base.user_root"))

    def test_what_is_missing_is_noted(self):
        order = self._create_order(
            medium_id=False, commitment_date=fields.Datetime.now() - timedelta(days=3)
        )
        with self.assertRaises(UserError):
            order.action_request_review()
        self._sign(order)
        self.assertEqual(order.review_state, "in_review")
        note = order.message_ids.filtered(lambda m: "although" in m.body)
        self.assertIn("in the past", note.body)
        self.assertIn("through which channel", note.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)

    def test_approved_order_confirms_at_once(self):
        self.order.action_request_review()
        self._release(self.order)
        self.assertEqual(self.order.state, "draft")
        self._sign(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.customer_accepted)
        self.assertEqual(len(self.order.review_ids), 1)

    def test_order_without_step_confirms_as_in_plain_odoo(self):
        self.step.action_archive()
        self._sign(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.customer_accepted)

    def test_batch_is_split(self):
        approved = self._create_order()
        approved.action_request_review()
        self._release(approved)
        (self.order | approved).sudo()._validate_order()
        self.assertEqual(approved.state, "sale")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.review_state, "in_review")

    def test_accepting_during_review_starts_no_second_round(self):
        self.order.action_request_review()
        review = self.order.current_review_id
        self._sign(self.order)
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(self.order.review_ids, review)
        self._sign(self.order)
        self.assertEqual(self.order.review_ids, review)
        self.assertEqual(review.state, "in_progress")

    def test_accepting_a_rejected_order_asks_the_salesperson(self):
        self.order.action_request_review()
        self._reject(self.order, "Finance", self.finance_user)
        self._sign(self.order)
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(self.order.review_state, "rejected")
        self.assertEqual(len(self.order.review_ids), 1)
        activity = self._activities(self.order, "customer")
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("Rejected, but accepted online", activity.summary)

    def test_shop_visitor_with_all_rights_is_a_customer(self):
        public = self.env.ref("base.public_user")
        self.order.with_user(public).sudo().action_confirm()
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(self.order.state, "sent")

    def test_internal_user_is_no_customer(self):
        for user in (self.salesperson, self.sales_manager, self.process_manager):
            order = self.order.with_user(user)
            for flag in (True, "x", {"a": 1}, object()):
                with self.assertRaises(UserError):
                    order.with_context(order_customer_token=flag).action_confirm()
            with self.assertRaises(UserError):
                order.sudo().action_confirm()
        self.assertFalse(self.order.customer_accepted)
        for vals in (
            {"customer_accepted": True},
            {"customer_accepted_at": fields.Datetime.now()},
            {"customer_fingerprint": "x"},
            {"customer_asked_again": True},
        ):
            with self.assertRaises(AccessError):
                self.order.with_user(self.sales_manager).write(vals)
            with self.assertRaises(AccessError):
                self._create_order(user=self.sales_manager, **vals)

    def test_cancel_and_reset_take_the_acceptance_back(self):
        self._sign(self.order)
        self.order.action_draft()
        self.assertFalse(self.order.customer_accepted or self.order.signature)
        self._sign(self.order)
        self.order.action_cancel()
        self.assertFalse(self.order.customer_accepted)

    def test_accepted_offer_does_not_expire(self):
        self.order.validity_date = fields.Date.today() - timedelta(days=1)
        self.assertTrue(self.order.is_expired)
        self._sign(self.order)
        self.order.invalidate_recordset()
        self.assertFalse(self.order.is_expired)
        self.assertFalse(self.order._can_be_edited_on_portal())

    def test_queries_do_not_grow_with_the_orders(self):
        def accept(count):
            orders = self.env["sale.order"].union(
                *(self._create_order() for _index in range(count))
            )
            # What the rounds and their content cost is tested with them
            orders.action_request_review()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            orders.sudo()._validate_order()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        accept(1)
        few, many = accept(2), accept(12)
        self.assertLessEqual(many, few + 3)

    # === CONFIRMED AT RELEASE ===#

    def test_release_confirms_with_letter(self):
        self._sign(self.order)
        before = self._letters(self.order)
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertTrue(self.order.picking_ids)
        self.assertEqual(self.order.release_id, self.order.current_review_id)
        letter = self._letters(self.order) - before
        self.assertEqual(len(letter), 1)
        # Nothing leaves before the commit: the queue sends it
        self.assertEqual(letter.state, "outgoing")
        self.assertIn(self.customer, letter.recipient_ids)
        self.assertFalse(self._activities(self.order, "released"))
        self.assertFalse(self._activities(self.order, "customer"))

    def test_failure_keeps_the_signature_and_asks_the_salesperson(self):
        self._sign(self.order)

        def fail(orders):
            orders.note = "left behind"
            raise ValueError("broken")

        with (
            patch.object(OdooSaleOrder, "_action_confirm", fail),
            mute_logger(OUR_LOGGER),
        ):
            self._release(self.order)
        self.assertEqual(self.order.current_review_id.state, "approved")
        self.assertEqual(self._signoff(self.order, "Finance").state, "approved")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.review_state, "approved")
        self.assertNotIn("left behind", self.order.note or "")
        activity = self._activities(self.order, "customer")
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("confirm it yourself", activity.summary)
        self.assertNotIn("broken", activity.summary)
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self._activities(self.order, "customer"))

    def test_user_error_is_told_to_the_salesperson(self):
        self._sign(self.order)
        with (
            patch.object(
                OdooSaleOrder, "_confirmation_error_message", lambda order: "Mind the gap."
            ),
            mute_logger(OUR_LOGGER),
        ):
            self._release(self.order)
        self.assertEqual(self.order.review_state, "approved")
        self.assertIn("Mind the gap.", self._activities(self.order, "customer").summary)

    def test_one_failure_does_not_stop_the_others(self):
        other = self._create_order()
        self._sign(self.order)
        self._sign(other)
        original = OdooSaleOrder._action_confirm

        def fail_for_one(orders):
            if orders == self.order.sudo():
                raise ValueError("Not this one.")
            return original(orders)

        reviews = (self.order | other).current_review_id.signoff_ids
        with (
            patch.object(OdooSaleOrder, "_action_confirm", fail_for_one),
            mute_logger(OUR_LOGGER),
        ):
            reviews.with_user(self.finance_user).action_approve(None, None)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(other.state, "sale")

    def test_what_the_database_wants_repeated_is_raised(self):
        self._sign(self.order)

        def collide(orders):
            raise SerializationFailure

        with (
            patch.object(OdooSaleOrder, "_action_confirm", collide),
            self.assertRaises(SerializationFailure),
            self.env.cr.savepoint(),
        ):
            self._release(self.order)
        self.env.invalidate_all()
        self.assertEqual(self.order.review_state, "in_review")
        self.assertFalse(self._activities(self.order, "customer"))

    def test_release_of_an_order_nobody_accepted_confirms_nothing(self):
        self.order.action_request_review()
        self._release(self.order)
        self.assertEqual(self.order.state, "draft")
        self.assertTrue(self._activities(self.order, "released"))

    # === A LATER CHANGE ===#

    def test_change_asks_the_customer_again(self):
        term = self.env["account.payment.term"].create({"name": "In a year"})
        for change in (
            lambda order: order.order_line.write({"product_uom_qty": 3}),
            lambda order: order.order_line.write({"price_unit": 120}),
            lambda order: order.order_line.write({"discount": 10}),
            lambda order: order.write(
                {"commitment_date": fields.Datetime.now() + timedelta(days=30)}
            ),
            lambda order: order.write({"payment_term_id": term.id}),
            lambda order: order.write({"note": "Other terms"}),
            lambda order: order.write(
                {"order_line": [Command.create({"product_id": self.service.id})]}
            ),
        ):
            order = self._create_order()
            self._sign(order)
            change(order.with_user(self.salesperson))
            self.assertFalse(order.customer_accepted)
            self.assertFalse(order.signature or order.signed_by or order.signed_on)
            self.assertTrue(order.customer_asked_again)
            self.assertTrue(order._has_to_be_signed())
            self.assertIn("Changed after", self._activities(order, "customer").summary)
            self.assertEqual(order.review_state, "outdated")

    def test_change_that_needs_no_review_is_sent_by_the_salesperson(self):
        self._sign(self.order)
        self.step.action_archive()
        self.order.order_line.with_user(self.salesperson).product_uom_qty = 1
        self.assertIn("send it to", self._activities(self.order, "customer").summary)

    def test_change_of_something_internal_keeps_the_acceptance(self):
        self._sign(self.order)
        self.order.with_user(self.salesperson).is_important = True
        self.assertEqual(self.order.review_state, "outdated")
        self.assertTrue(self.order.customer_accepted and self.order.signature)
        self.order.action_request_review()
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_released_change_is_sent_and_confirmed_by_the_customer(self):
        self._sign(self.order)
        self.order.order_line.with_user(self.salesperson).product_uom_qty = 3
        self.order.with_user(self.salesperson).action_request_review()
        self.assertFalse(self._activities(self.order, "customer"))
        before = self._letters(self.order)
        self._release(self.order)
        self.assertEqual(self.order.state, "sent")
        letter = self._letters(self.order) - before
        self.assertEqual(len(letter), 1)
        self.assertEqual(letter.state, "outgoing")
        self.assertTrue(letter.attachment_ids)
        self.assertFalse(self._activities(self.order, "released"))
        self._sign(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.customer_asked_again)

    def test_change_accepted_before_its_release_confirms_at_release(self):
        self._sign(self.order)
        self.order.order_line.with_user(self.salesperson).product_uom_qty = 3
        self._sign(self.order)
        self.assertTrue(self.order.customer_accepted)
        self.assertFalse(self.order.customer_asked_again)
        self.assertEqual(self.order.review_state, "in_review")
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_without_address_the_salesperson_asks(self):
        self.customer.email = False
        self._sign(self.order)
        self.order.order_line.with_user(self.salesperson).product_uom_qty = 3
        self.order.with_user(self.salesperson).action_request_review()
        self._release(self.order)
        self.assertIn("no email", self._activities(self.order, "customer").summary)

    # === NOTICE ===#

    def test_notice(self):
        self.company.order_answer_hours = 24
        self.assertIsNone(self.order._get_customer_notice())
        self._sign(self.order)
        # The clock of the order goes before the hours of the company, see the tests of clocks
        self.order.sudo()._cancel_deadline()
        notice = self.order._get_customer_notice("Asia/Tokyo")
        self.assertEqual(notice["kind"], "accepted")
        self.assertFalse(notice["is_paid"])
        deadline = self.order.customer_accepted_at + timedelta(hours=24)
        tokyo = fields.Datetime.context_timestamp(
            self.order.with_context(tz="Asia/Tokyo"), deadline
        )
        self.assertIn(str(tokyo.day), notice["deadline"])
        self.assertIn(f"{tokyo:%M}", notice["deadline"])
        self.company.order_answer_hours = 0
        self.assertIsNone(self.order._get_customer_notice()["deadline"])
        self.company.order_answer_hours = 24
        as_process(self.order).customer_accepted_at -= timedelta(days=3)
        self.assertIsNone(self.order._get_customer_notice()["deadline"])
        self._reject(self.order, "Finance", self.finance_user)
        notice = self.order._get_customer_notice()
        self.assertEqual(notice["kind"], "rejected")
        self.assertTrue(notice["deadline"])

    # === SENDING ONLY AFTER RELEASE ===#

    def test_sending_before_release_is_free_by_default(self):
        self.assertFalse(self.company.order_release_before_sending)
        self.order.action_quotation_send()
        self.order.write({"state": "sent"})
        self.assertEqual(self.order.state, "sent")

    def test_sending_waits_for_the_release(self):
        self.company.order_release_before_sending = True
        template = self.env.ref("sale.email_template_edi_sale")
        share = {"res_model": "sale.order", "res_id": self.order.id}
        for send in (
            lambda order: order.action_quotation_send(),
            lambda order: order.action_quotation_sent(),
            lambda order: order.write({"state": "sent"}),
            lambda order: order.with_context(mark_so_as_sent=True).message_post(body=order.name),
            lambda order: order.with_context(mark_so_as_sent=True).message_post_with_source(
                template
            ),
            lambda order: order.create({"partner_id": self.customer.id, "state": "sent"}),
            lambda order: self.env["portal.share"].create(
                {**share, "partner_ids": self.customer.ids}
            ),
            lambda order: self.env["portal.share"]
            .with_context(active_model="sale.order", active_id=order.id)
            .default_get(["share_link"]),
            lambda order: self.env["payment.link.wizard"]
            .with_context(active_model="sale.order", active_id=order.id)
            .default_get(["amount"]),
        ):
            step = self.step
            with (
                self.assertRaisesRegex(UserError, "may only be sent .* approved"),
                self.env.cr.savepoint(),
            ):
                send(self.order)
            self.order.invalidate_recordset()
            self.assertEqual(self.order.state, "draft")
            self.assertTrue(step.active)
        # Begun before the setting was on
        self.company.order_release_before_sending = False
        begun = self.env["portal.share"].create({**share, "partner_ids": self.customer.ids})
        self.company.order_release_before_sending = True
        with self.assertRaises(UserError):
            begun.action_send_mail()
        partner = {"res_model": "res.partner", "res_id": self.customer.id}
        self.env["portal.share"].create(partner)
        self.order.message_post(body=self.order.name)
        self.order.action_request_review()
        with self.assertRaises(UserError):
            self.order.action_quotation_send()
        self._release(self.order)
        self.order.action_quotation_send()
        self.order.action_quotation_sent()
        self.assertEqual(self.order.state, "sent")
        # What is changed afterwards waits again
        self.order.order_line.product_uom_qty = 5
        with self.assertRaises(UserError):
            self.order.action_quotation_send()

    def test_sending_with_a_change_in_the_same_call(self):
        self.company.order_release_before_sending = True
        self.order.action_request_review()
        self._release(self.order)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.write({"state": "sent", "note": "Other terms"})

    def test_customer_may_always_accept(self):
        self.company.order_release_before_sending = True
        self._sign(self.order)
        self.assertEqual(self.order.state, "sent")
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_order_without_step_may_be_sent(self):
        self.company.order_release_before_sending = True
        self.step.action_archive()
        self.order.action_quotation_sent()
        self.assertEqual(self.order.state, "sent")


@tagged("post_install", "-at_install")
class TestCustomerPayment(CustomerCommon, PaymentCommon, CronMixinCase):
    """Whatever way the customer pays, paying succeeds; the order follows its review."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.partner = cls.customer
        cls.order = cls._create_order(
            require_signature=False, require_payment=True, prepayment_percent=1.0
        )
        cls.amount = cls.order.amount_total
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        if cls.bank:
            cls._create_payment_method(cls.provider)

    @classmethod
    def _create_payment_method(cls, provider):
        """Let accounting know how the payments of a provider without code of its own arrive."""
        Method = type(cls.env["account.payment.method"])
        known = cls.env["account.payment.method"]._get_payment_method_information()
        code = provider._get_code()
        known |= {code: {"mode": "electronic", "type": ("bank",)}}
        with patch.object(Method, "_get_payment_method_information", lambda methods: known):
            cls.env["account.payment.method"].create(
                {"name": "Dummy", "code": code, "payment_type": "inbound"}
            )
            provider.journal_id = cls.bank

    def setUp(self):
        # Accounting is part of what is tested here
        self.enable_post_process_patcher = False
        super().setUp()
        if not self.bank:
            self.skipTest("Payments need a chart of accounts")

    def _pay(self, order, state="done", **vals):
        values = {"sale_order_ids": [Command.set(order.ids)], "state": state, **vals}
        values.setdefault("reference", f"{order.name}-{len(order.sudo().transaction_ids)}")
        # Not stored: what providers with a code of their own support
        self.provider.support_manual_capture = "full_only"
        transaction = self._create_transaction("redirect", **values)
        transaction._post_process()
        order.invalidate_recordset()
        return transaction

    def _invoice_automatically(self):
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", "True")

    def test_payment_is_kept_and_order_confirms_at_release(self):
        transaction = self._pay(self.order)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(self.order.state, "sent")
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(self.order.review_state, "in_review")
        self.assertEqual(self.order.amount_paid, self.amount)
        letters = self._letters(self.order).mapped("subject")
        self.assertFalse([subject for subject in letters if "Confirm" in subject], letters)
        self.assertFalse(self.order._has_to_be_paid() or self.order._has_to_be_signed())
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.invoice_ids)

    def test_approved_order_confirms_at_once(self):
        self.order.action_request_review()
        self._release(self.order)
        self._pay(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_automatic_invoice_comes_with_the_release(self):
        self._invoice_automatically()
        transaction = self._pay(self.order)
        self.assertFalse(self.order.invoice_ids)
        self.assertTrue(transaction.payment_id)
        with self.capture_triggers("sale.send_invoice_cron") as triggers:
            self._release(self.order)
        self.assertEqual(self.order.state, "sale")
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_total, self.order.amount_total)
        self.assertTrue(transaction.payment_id.is_reconciled)
        self.assertTrue(triggers.records)
        self.assertFalse(invoice.is_move_sent)
        # The payment is old, the release is not
        transaction.last_state_change = fields.Datetime.now() - timedelta(days=9)
        self.env["payment.transaction"]._cron_send_invoice()
        self.assertTrue(invoice.is_move_sent)

    def test_prepayment_is_invoiced_at_release(self):
        self._invoice_automatically()
        self.order.prepayment_percent = 0.5
        self._pay(self.order, amount=self.amount / 4)
        self.assertFalse(self.order.customer_accepted)
        self._pay(self.order, amount=self.amount / 4)
        self.assertTrue(self.order.customer_accepted)
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.amount_total, self.amount / 2)
        self.assertTrue(all(self.order.sudo().transaction_ids.payment_id.mapped("is_reconciled")))

    def test_failing_invoice_keeps_the_confirmation(self):
        self._invoice_automatically()
        self._pay(self.order)

        def fail(*_args, **_kwargs):
            raise UserError(self.bank.name)

        with (
            patch.object(OdooSaleOrder, "_create_invoices", fail),
            mute_logger(OUR_LOGGER),
        ):
            self._release(self.order)
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.order.invoice_ids)
        activity = self._activities(self.order, "customer")
        self.assertIn("not invoiced", activity.summary)
        self.assertIn(self.bank.name, activity.summary)

    def test_authorized_then_captured(self):
        transaction = self._pay(self.order, state="authorized")
        self.assertTrue(self.order.customer_accepted)
        review = self.order.current_review_id
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(self.order.review_ids, review)
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_voided_payment_is_not_confirmed(self):
        transaction = self._pay(self.order, state="authorized")
        transaction.state = "cancel"
        with mute_logger(OUR_LOGGER):
            self._release(self.order)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.review_state, "approved")
        self.assertIn("voided or refunded", self._activities(self.order, "customer").summary)

    def test_wire_transfer(self):
        provider = self._prepare_provider("custom", custom_mode="wire_transfer")
        self._create_payment_method(provider)
        self.company.order_release_before_sending = True
        transaction = self._pay(
            self.order,
            state="pending",
            provider_id=provider.id,
            payment_method_id=provider.payment_method_ids[:1].id,
        )
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.order.customer_accepted)
        transaction._set_done()
        transaction._post_process()
        self.assertTrue(self.order.customer_accepted)
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_cash_on_delivery(self):
        provider = self._prepare_provider("custom", custom_mode="cash_on_delivery")
        self._pay(
            self.order,
            state="pending",
            provider_id=provider.id,
            payment_method_id=provider.payment_method_ids[:1].id,
        )
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(self.order.review_state, "in_review")
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    @classmethod
    def _get_provider_domain(cls, code, custom_mode=None):
        domain = super()._get_provider_domain(code)
        return [*domain, ("custom_mode", "=", custom_mode)] if custom_mode else domain

    def test_change_of_a_paid_order_asks_for_a_signature(self):
        self._pay(self.order)
        self.order.order_line.with_user(self.salesperson).product_uom_qty = 1
        self.assertFalse(self.order.customer_accepted)
        self.assertEqual(self.order.amount_paid, self.amount)
        self.assertTrue(self.order._has_to_be_signed())
        self.assertFalse(self.order._has_to_be_paid())
        self._sign(self.order)
        self.assertTrue(self.order.customer_accepted)
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_rejection_of_a_paid_order_proposes_a_refund(self):
        transaction = self._pay(self.order)
        self.assertFalse(self.order.customer_refund_due)
        self._reject(self.order, "Finance", self.finance_user)
        activity = self._activities(self.order, "refund")
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn(self.currency.format(self.amount), activity.summary)
        self.assertTrue(self.order.customer_refund_due)
        for user in (self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_void_or_refund_payment()
        action = self.order.with_user(self.salesperson).action_void_or_refund_payment()
        self.assertEqual(action["tag"], "display_notification")
        accountant = self._create_user(
            "opc_account", "account.group_account_invoice,sales_team.group_sale_manager"
        )
        action = self.order.with_user(accountant).action_void_or_refund_payment()
        self.assertEqual(action["res_model"], "account.payment")
        self.assertEqual(action["res_id"], transaction.payment_id.id)

    def test_money_of_a_rejected_and_cancelled_order_is_not_forgotten(self):
        self._pay(self.order)
        self._reject(self.order, "Finance", self.finance_user)
        self.order.action_cancel()
        self.assertTrue(self.order.customer_refund_due)
        self.assertTrue(self._activities(self.order, "refund"))

    def test_payment_after_the_rejection(self):
        self.order.action_request_review()
        self._reject(self.order, "Finance", self.finance_user)
        self._pay(self.order)
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(len(self.order.review_ids), 1)
        self.assertTrue(self._activities(self.order, "refund"))

    def test_rejection_of_a_partly_paid_order(self):
        # Less than what would accept the order
        self._pay(self.order, amount=self.amount / 2)
        self.assertFalse(self.order.customer_accepted)
        self.order.action_request_review()
        self._reject(self.order, "Finance", self.finance_user)
        activity = self._activities(self.order, "refund")
        self.assertIn(self.currency.format(self.amount / 2), activity.summary)

    def test_rejection_of_an_authorized_order_voids(self):
        transaction = self._pay(self.order, state="authorized")
        self._reject(self.order, "Finance", self.finance_user)
        order = self.order.with_user(self.salesperson)
        action = order.action_void_or_refund_payment()
        self.assertEqual(action["tag"], "soft_reload")
        # Odoo's own void: a child transaction that the provider answers
        void = transaction.child_transaction_ids
        self.assertEqual(len(void), 1)
        void._set_canceled()
        self.order.invalidate_recordset()
        self.assertFalse(self.order.customer_refund_due)
        with self.assertRaisesRegex(UserError, "nothing to void or refund"):
            order.action_void_or_refund_payment()

    def test_unpaid_order_proposes_no_refund(self):
        self.order.action_request_review()
        self._reject(self.order, "Finance", self.finance_user)
        self.assertFalse(self._activities(self.order, "refund"))
        self.assertFalse(self.order.customer_refund_due)
        with self.assertRaises(UserError):
            self.order.with_user(self.salesperson).action_void_or_refund_payment()


@tagged("post_install", "-at_install")
class TestCustomerHttp(CustomerCommon, HttpCase):
    """The portal as a browser sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance.name = "Hush Department"
        cls.order = cls._create_order(state="sent")
        cls.order._portal_ensure_token()

    def _accept(self, order, **params):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"name": "Portal Person", "signature": SIGNATURE, **params},
        )

    def _open(self, order, **params):
        params.setdefault("access_token", order.access_token)
        response = self.url_open(f"/my/orders/{order.id}", params=params)
        self.assertEqual(response.status_code, 200)
        return response.text

    def _assert_nothing_internal(self, text):
        for word in ("Hush Department", "Finance", "opc_fin", "Secret", "Review requested"):
            self.assertNotIn(word, text)

    def test_sign_with_token(self):
        result = self._accept(self.order, access_token=self.order.access_token)
        self.assertTrue(result["force_refresh"], result)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sent")
        self.assertTrue(self.order.customer_accepted and self.order.signature)
        self.assertEqual(self.order.review_state, "in_review")
        self.assertEqual(self.order.current_review_id.requested_by, self.salesperson)
        page = self.url_open(result["redirect_url"]).text
        self.assertIn('data-order-notice="accepted"', page)
        self.assertIn("at the latest", page)
        self.assertIn("Your order has been signed.", page)
        self.assertNotIn("has been confirmed", page)
        self.assertNotIn('modalaccept"', page.replace('id="modalaccept"', ""))
        self._assert_nothing_internal(page)
        again = self._accept(self.order, access_token=self.order.access_token)
        self.assertIn("not in a state", again["error"])

    def test_sign_logged_in(self):
        self.authenticate("opc_portal", "opc_portal")
        self._accept(self.order)
        self.assertTrue(self.order.customer_accepted)
        self.assertIn(self.order.name, self.url_open("/my/orders").text)
        self.assertIn("Being checked", self.url_open("/my/orders").text)
        self.assertNotIn(self.order.name, self.url_open("/my/quotes").text)
        self._approve(self.order, "Finance", self.finance_user, "Secret remark")
        self.assertEqual(self.order.state, "sale")
        page = self._open(self.order)
        self.assertNotIn("data-order-notice", page)
        self._assert_nothing_internal(page)
        self.assertNotIn("Being checked", self.url_open("/my/orders").text)

    def test_messages_of_the_process_are_internal(self):
        self._accept(self.order, access_token=self.order.access_token)
        self._reject(self.order, "Finance", self.finance_user, "Secret reason")
        self.env.flush_all()
        messages = self.env["mail.message"].search(
            [("model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        )
        shown = messages.with_user(self.portal_user)._filtered_access("read")
        bodies = " ".join(str(message.body) for message in shown.sudo())
        self.assertIn("Order signed by", bodies)
        self.assertNotIn("eview", bodies)
        self._assert_nothing_internal(bodies)
        self.assertIn("accepted the order online", " ".join(messages.mapped("body")))
        self.authenticate("opc_portal", "opc_portal")
        for message in messages - shown:
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.make_jsonrpc_request(
                    "/web/dataset/call_kw",
                    {
                        "model": "mail.message",
                        "method": "read",
                        "args": [message.ids, ["body"]],
                        "kwargs": {},
                    },
                )

    def test_sign_an_approved_order(self):
        self.order.action_request_review()
        self._release(self.order)
        result = self._accept(self.order, access_token=self.order.access_token)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sale")
        page = self.url_open(result["redirect_url"]).text
        self.assertIn("Your order has been confirmed.", page)
        self.assertNotIn("data-order-notice", page)

    def test_rejected_and_asked_again(self):
        self._accept(self.order, access_token=self.order.access_token)
        self._reject(self.order, "Finance", self.finance_user, "Secret reason")
        page = self._open(self.order)
        self.assertIn('data-order-notice="rejected"', page)
        self._assert_nothing_internal(page)
        self.assertNotIn("rejected", page.split("data-order-notice")[1].split(">", 1)[1][:900])
        self.order.order_line.with_user(self.salesperson).price_unit = 90
        page = self._open(self.order)
        self.assertIn('data-order-notice="asked_again"', page)
        self.assertIn("modalaccept", page)
        self._assert_nothing_internal(page)
        self.authenticate("opc_portal", "opc_portal")
        self.assertIn("Please accept again", self.url_open("/my/quotes").text)

    def test_notice_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.portal_user.lang = "fr_FR"
        self._accept(self.order, access_token=self.order.access_token)
        self.authenticate("opc_portal", "opc_portal")
        deadline = self.order.customer_accepted_at + timedelta(hours=24)
        days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
        local = fields.Datetime.context_timestamp(
            self.order.with_context(tz=self.portal_user.tz or "UTC"), deadline
        )
        self.assertIn(days[local.weekday()], self._open(self.order))

    @mute_logger("odoo.http")
    def test_portal_reads_nothing_internal(self):
        self._accept(self.order, access_token=self.order.access_token)
        self.authenticate("opc_portal", "opc_portal")
        for method, args in (
            ("read", [self.order.ids, ["customer_accepted"]]),
            ("read", [self.order.ids, ["customer_fingerprint"]]),
            ("read", [self.order.ids, ["customer_refund_due"]]),
            ("search_count", [[("customer_accepted", "=", True)]]),
            ("write", [self.order.ids, {"customer_accepted": False}]),
            ("write", [self.order.ids, {"state": "sale"}]),
            ("action_confirm", [self.order.ids]),
            ("_accept_for_customer", [self.order.ids]),
            ("_validate_order", [self.order.ids]),
            ("action_void_or_refund_payment", [self.order.ids]),
        ):
            response = self.url_open(
                "/web/dataset/call_kw",
                data=json.dumps(
                    {
                        "params": {
                            "model": "sale.order",
                            "method": method,
                            "args": args,
                            "kwargs": {"context": {"order_customer_token": True}},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
            name = response.get("error", {}).get("data", {}).get("name")
            self.assertEqual(name, "odoo.exceptions.AccessError", (method, response))


@tagged("post_install", "-at_install")
class TestCustomerPaymentHttp(CustomerCommon, PaymentHttpCommon):
    """Paying on the portal, as a visitor with the link and step by step as the browser does."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order(
            state="sent", require_signature=False, require_payment=True, prepayment_percent=1.0
        )
        self.order._portal_ensure_token()
        self.provider = self._prepare_provider("custom", custom_mode="wire_transfer")

    @classmethod
    def _get_provider_domain(cls, code, custom_mode=None):
        return [*super()._get_provider_domain(code), ("custom_mode", "=", custom_mode)]

    def _choose_wire_transfer(self):
        values = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/transaction",
            {
                "access_token": self.order.access_token,
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id,
                "token_id": None,
                "amount": self.order.amount_total,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": self.order.get_portal_url(),
            },
        )
        self.url_open("/payment/custom/process", data={"reference": values["reference"]})
        return self._get_tx(values["reference"])

    def test_wire_transfer_is_received(self):
        transaction = self._choose_wire_transfer()
        self.assertEqual(transaction.state, "pending")
        poll = self.make_jsonrpc_request("/payment/status/poll", {})
        self.assertEqual(poll["state"], "pending")
        self.assertFalse(self.order.customer_accepted)
        transaction._set_done()
        poll = self.make_jsonrpc_request("/payment/status/poll", {})
        self.assertEqual(poll["state"], "done")
        self.order.invalidate_recordset()
        self.assertTrue(self.order.customer_accepted)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.review_state, "in_review")
        self.assertEqual(self.order.current_review_id.requested_by, self.salesperson)
        page = self.url_open(poll["landing_route"]).text
        self.assertIn('data-order-notice="accepted"', page)
        self.assertIn("Your payment has been recorded", page)
        self.assertNotIn("o_sale_portal_paynow", page)
        self._release(self.order)
        self.assertEqual(self.order.state, "sale")
