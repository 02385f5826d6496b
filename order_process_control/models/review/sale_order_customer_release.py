import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """What was accepted online confirms itself when it is released (R-150, R-151)."""

    _inherit = "sale.order"

    def _on_review_decided(self, reviews):
        result = super()._on_review_decided(reviews)
        decided = reviews.filtered(
            lambda review: review.subject == "order" and review.order_id.state in ("draft", "sent")
        )
        # sudo: the process goes on, whoever signed
        approved = decided.filtered(lambda r: r.state == "approved").order_id.sudo()
        rejected = decided.filtered(lambda r: r.state == "rejected").order_id.sudo()
        approved.filtered("customer_accepted")._confirm_for_customer()
        approved.filtered("customer_asked_again")._send_changed_quotation()
        rejected._plan_rejected_acceptance()
        return result

    def _confirm_for_customer(self):
        """Confirm released orders in the name of who requested their review (R-151).

        Each in a savepoint of its own, so that the signature stands whatever happens. What the
        database wants repeated is raised: Odoo then repeats the whole request.
        """
        for order in self:
            # Checked by _is_released: the current round is the one that was approved
            order = order._as_internal(order.current_review_id.requested_by)
            if order._try_for_customer(order._confirm_released):
                order._try_for_customer(order._invoice_released)

    def _try_for_customer(self, method):
        """Call ``method`` in a savepoint; else plan an activity that says what to do.

        :return: whether it succeeded
        """
        try:
            with self.env.cr.savepoint():
                method()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("%s was accepted online and released, but failed", self.name)
            # What Odoo tells its users helps the salesperson as well; the rest is in the log
            reason = str(error) if isinstance(error, UserError) else None
            self._plan_customer_activities(
                "customer", lambda order: order._get_failure_summary(reason)
            )
            return False
        return True

    def _get_failure_summary(self, reason):
        self.ensure_one()
        reason = reason or self.env._("a technical error")
        if self.state == "sale":
            return self.env._(
                "Confirmed for the customer, but not invoiced: create the invoice (%s)", reason
            )
        return self.env._(
            "Accepted online and approved, but not confirmed: confirm it yourself (%s)", reason
        )

    def _confirm_released(self):
        """Confirm as Odoo does online, confirmation letter included.

        The letter waits in the queue of outgoing mail: nothing is sent before the commit, and
        nothing when the database makes Odoo repeat the request.
        """
        if self._has_lost_payment():
            raise UserError(
                self.env._(
                    "What the customer paid was voided or refunded meanwhile: agree on the payment"
                    " first."
                )
            )
        # Here, so that it raises: for a customer it would submit the order once more
        self._check_gate()
        self.with_context(mail_notify_force_send=False)._validate_order()
        self._trigger_mail_queue()

    @api.model
    def _trigger_mail_queue(self):
        # sudo: scheduled actions are for administrators
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _invoice_released(self):
        """Invoice what was paid, as Odoo's payment path does when the payment confirms an order.

        One transaction is enough: Odoo invoices what was paid in total, and links all payments.
        """
        transaction = self.transaction_ids.filtered(lambda tx: tx.state == "done")[-1:]
        if not transaction or not transaction._is_automatic_invoice():
            return
        transaction._invoice_sale_orders()
        transaction.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        # Odoo's own means to send them after the commit
        cron = self.env.ref("sale.send_invoice_cron", raise_if_not_found=False)
        if cron:
            cron._trigger()

    def _send_changed_quotation(self):
        """Send quotations that were changed after acceptance and are released now once more."""
        for order in self:
            order = order._as_internal(order.current_review_id.requested_by)
            order.with_context(mail_notify_force_send=False)._send_order_notification_mail(
                order._find_mail_template()
            )
        if self:
            self._trigger_mail_queue()
            # Who requested the review need not confirm it: the customer does
            self._close_review_activities()
            self._as_internal(self.env.ref("base.user_root"))._log_review(
                self.env._("The changed quotation was sent to the customer to be accepted again.")
            )
        self.filtered(lambda order: not order.partner_id.email)._plan_customer_activities(
            "customer",
            lambda order: order.env._(
                "Approved: ask the customer to accept the change; there is no email address"
            ),
        )
