import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_amount, format_date, format_time

from ..order.process_token import as_process, is_process
from . import activities
from .customer_token import as_customer, is_customer

_logger = logging.getLogger(__name__)

# What the customer agreed to: aspects of ``_get_watched_fields``
ACCEPTED_ASPECTS = ("goods", "price", "dates")


class SaleOrder(models.Model):
    """The customer accepts online: that always succeeds, and the review follows (R-150, R-151)."""

    _inherit = "sale.order"

    customer_accepted = fields.Boolean(
        string="Accepted Online",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The customer signed or paid online before the review was finished. The order"
        " confirms itself as soon as it is released.",
    )
    customer_accepted_at = fields.Datetime(
        string="Accepted Online On", readonly=True, copy=False, groups="base.group_user"
    )
    customer_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Digest of the goods, prices, dates and terms that the customer accepted.",
    )
    customer_asked_again = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The order was changed after the customer had accepted it online.",
    )
    customer_refund_due = fields.Boolean(
        compute="_compute_customer_refund_due", groups="base.group_user"
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "customer_accepted",
            "customer_accepted_at",
            "customer_asked_again",
            "customer_fingerprint",
        }

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sent")._check_release_before_sending()
        return orders

    def write(self, vals):
        if vals.get("state") == "sale" and not self.env.user._is_internal():
            # Before the gate says who has to sign: portal users call this over RPC as well
            self.check_access("write")
        sending = self.browse()
        if vals.get("state") == "sent":
            sending = self.filtered(lambda order: order.state != "sent")
        result = super().write(vals)
        # After the change: the same call may have changed what was released
        sending._check_release_before_sending()
        if vals.get("state") == "draft":
            # Odoo takes back the signature as well
            self._forget_acceptance()
        elif vals.get("state") == "sale":
            self._on_confirmed_for_customer()
        return result

    # === ACCEPTING ===#

    def _validate_order(self):
        """Only the portal and a shop's checkout come here: it is the customer who confirms."""
        orders = as_customer(self)
        waiting = orders._filter_to_accept()
        waiting._accept_for_customer()
        confirmable = orders - waiting
        return super(SaleOrder, confirmable)._validate_order() if confirmable else None

    def action_confirm(self):
        """Confirm the orders; what the customer confirms before its release is kept as accepted.

        :return: what Odoo returns, True when all of them have to wait
        """
        if not is_customer(self.env):
            return super().action_confirm()
        waiting = self._filter_to_accept()
        waiting._accept_for_customer()
        confirmable = self - waiting
        return super(SaleOrder, confirmable).action_confirm() if confirmable else True

    def _filter_to_accept(self):
        """Return the quotations that the gate would refuse to confirm now."""
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        return quotations - quotations._filter_confirmable() if quotations else quotations

    def _filter_confirmable(self):
        """Return the orders that :meth:`_check_gate` would let pass."""
        _passing, blocked = self._judge_gate()
        return self.filtered(lambda order: order.id not in blocked)

    def _accept_for_customer(self):
        """Keep that the customer accepted these quotations as they stand, and submit them.

        What a salesperson would have to complete first stops nobody: it is noted on the order.
        """
        if not self:
            return
        self.env["order.ledger"]._lock(self)
        self._assign_shop_salesperson()
        contents = self._get_review_contents()
        now = fields.Datetime.now()
        for order in self:
            # sudo: the customer may write nothing. Each order has its own fingerprint; the
            # database gets them in one statement when they are flushed.
            as_process(order.sudo()).write(order._prepare_acceptance_vals(contents[order.id], now))
        to_submit = self._filter_to_submit()
        to_submit._submit_for_customer()
        (self - to_submit)._plan_rejected_acceptance()

    @api.model
    def _prepare_acceptance_vals(self, content, now):
        return {
            "state": "sent",
            "customer_accepted": True,
            "customer_accepted_at": now,
            "customer_fingerprint": self._get_acceptance_fingerprint(content),
            "customer_asked_again": False,
        }

    @api.model
    def _get_acceptance_fingerprint(self, content):
        """Return the digest of what the customer agreed to in ``_get_review_contents``."""
        return self._get_fingerprint({aspect: content[aspect] for aspect in ACCEPTED_ASPECTS})

    def _assign_shop_salesperson(self):
        """Assign the shop's salesperson, as the shop does when it confirms.

        Later it would change the content of a review that has just begun.
        """
        if "website_id" in self._fields:
            carts = self.filtered(lambda order: order.website_id and not order.user_id)
            # As OdooBot: the customer must not be named as who assigned the salesperson
            carts.with_user(SUPERUSER_ID).with_context(
                force_user_recomputation=True
            )._compute_user_id()

    def _filter_to_submit(self):
        """Return the orders whose present content neither is nor was in a round of review."""
        # sudo: the customer knows nothing of rounds
        reviewed = self.filtered(
            lambda order: order.sudo().current_review_id.state
            in ("in_progress", "approved", "rejected")
        )
        return (self - reviewed) | reviewed._filter_changed()

    def _submit_for_customer(self):
        """Submit the orders in the name of their salespeople and note what is missing."""
        for (user, _company), orders in self.grouped(
            lambda order: (order._get_submitter(), order.company_id)
        ).items():
            orders = orders._as_internal(user)
            # Before the submission: a round in progress is no problem to note
            orders._log_missing_for_submission()
            orders._submit_for_review()
        self._log_acceptance()

    def _get_submitter(self):
        """Return who submits for the customer: the salesperson, else OdooBot."""
        self.ensure_one()
        # sudo: the customer does not read users
        user = self.sudo().user_id
        return user if user.active and not user.share else self.env.ref("base.user_root")

    def _as_internal(self, user):
        """Return the orders as ``user`` sees them, with all rights and a clean context.

        sudo: it is the process that acts, in the name of ``user``; the rights in Sales of whoever
        requested, of OdooBot for one, must not decide whether an accepted order goes on.
        """
        context = {"lang": user.lang or self.env.lang, "tz": user.tz}
        env = self.env(user=user.id, context=context, su=True)
        return self.with_env(env).with_company(self.company_id[:1])

    def _log_missing_for_submission(self):
        bodies = {
            order.id: self.env._(
                "Submitted as the customer accepted it, although: %s", " ".join(problems)
            )
            for order, problems in self._get_submission_problems().items()
            if problems
        }
        if bodies:
            self.browse(bodies)._message_log_batch(
                bodies=bodies, author_id=self.env.user.partner_id.id
            )

    def _log_acceptance(self):
        # As OdooBot: nothing of the process is said in the customer's name
        self._as_internal(self.env.ref("base.user_root"))._log_review(
            self.env._(
                "The customer accepted the order online. It confirms itself as soon as its review"
                " is approved."
            )
        )

    def _forget_acceptance(self):
        # sudo: whoever resets or cancels the order
        known = self.sudo().filtered(
            lambda order: order.customer_accepted or order.customer_asked_again
        )
        if known:
            as_process(known).write(
                {
                    "customer_accepted": False,
                    "customer_accepted_at": False,
                    "customer_fingerprint": False,
                    "customer_asked_again": False,
                }
            )

    def _void_release(self):
        result = super()._void_release()
        self._forget_acceptance()
        return result

    def _on_confirmed_for_customer(self):
        # sudo: see _forget_acceptance
        asked = self.sudo().filtered("customer_asked_again")
        if asked:
            as_process(asked).customer_asked_again = False

    # === WHAT THE PORTAL ASKS FOR ===#

    def _has_to_be_signed(self):
        """Who accepted by paying need not sign as well; who is asked again signs to accept."""
        # sudo: the page is shown to the customer
        order = self.sudo()
        if order.customer_accepted:
            return False
        return super()._has_to_be_signed() or (
            order.customer_asked_again
            and order.state in ("draft", "sent")
            and not order.is_expired
            and not order.signature
        )

    def _can_be_edited_on_portal(self):
        # sudo: see _has_to_be_signed
        return super()._can_be_edited_on_portal() and not self.sudo().customer_accepted

    def _compute_is_expired(self):
        """An offer that was accepted in time does not expire during our own review."""
        result = super()._compute_is_expired()
        # sudo: see _has_to_be_signed
        self.filtered(lambda order: order.sudo().customer_accepted).is_expired = False
        return result

    # === A LATER CHANGE ASKS THE CUSTOMER AGAIN ===#

    def _supersede_changed_reviews(self):
        result = super()._supersede_changed_reviews()
        self._take_back_changed_acceptances()
        return result

    def _take_back_changed_acceptances(self):
        """Ask the customer again where goods, price, dates or terms are not what was accepted.

        What was paid stays with the order.
        """
        accepted = self.filtered(
            # sudo: whoever changed the order, the customer on the portal included
            lambda order: order.state in ("draft", "sent") and order.sudo().customer_accepted
        ).sudo()
        if not accepted:
            return
        contents = accepted._get_review_contents()
        changed = accepted.filtered(
            lambda order: order._get_acceptance_fingerprint(contents[order.id])
            != order.customer_fingerprint
        )
        if changed:
            changed._forget_acceptance()
            as_process(changed).write(
                {
                    "customer_asked_again": True,
                    "signature": False,
                    "signed_by": False,
                    "signed_on": False,
                }
            )
            steps_by_order = self.env["order.review.step"]._get_steps_by_order(changed)
            changed._plan_customer_activities(
                "customer", lambda order: order._get_change_summary(steps_by_order[order.id])
            )

    def _get_change_summary(self, steps):
        self.ensure_one()
        if steps:
            return self.env._(
                "Changed after the customer accepted it online: request the review again; the"
                " customer is asked again when it is released"
            )
        return self.env._(
            "Changed after the customer accepted it online: send it to the customer again"
        )

    # === AFTER THE DECISION ===#

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

    # === REJECTED ALTHOUGH ACCEPTED OR PAID ===#

    def _plan_rejected_acceptance(self):
        """Tell the salespeople of rejected orders that the customer waits, or wants money back."""
        rejected = self.sudo().filtered(lambda o: o.current_review_id.state == "rejected")
        paid = rejected.filtered(lambda order: order._get_customer_payment() > 0)
        paid._plan_customer_activities(
            "refund",
            lambda order: order.env._(
                "Rejected; the customer has paid %s: void or refund",
                format_amount(order.env, order._get_customer_payment(), order.currency_id),
            ),
        )
        (rejected - paid).filtered("customer_accepted")._plan_customer_activities(
            "customer",
            lambda order: order.env._(
                "Rejected, but accepted online by the customer: agree on a change, or cancel it"
            ),
        )

    def _get_customer_transactions(self):
        """Return the transactions that hold money of the customer."""
        # sudo: payments are for accounting and administrators
        return self.sudo().transaction_ids.filtered(
            lambda tx: tx.state in ("authorized", "done") and tx.operation != "validation"
        )

    def _get_customer_payment(self):
        """Return what the customer has paid or authorized and not got back."""
        self.ensure_one()
        transactions = self._get_customer_transactions()
        refunds = transactions.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state == "done"
        )
        return sum((transactions | refunds).mapped("amount"))

    def _has_lost_payment(self):
        """Tell whether a payment that was needed is gone: Odoo would not confirm without it."""
        self.ensure_one()
        is_pending = "pending" in self.transaction_ids.mapped("state")
        return (
            bool(self.transaction_ids)
            and not is_pending
            and self.currency_id.compare_amounts(
                self._get_customer_payment(), self._get_prepayment_required_amount()
            )
            < 0
        )

    @api.depends("state", "review_ids.state", "transaction_ids.state")
    def _compute_customer_refund_due(self):
        for order in self:
            # sudo: see _get_customer_transactions and _compute_review_state
            own = order.sudo().review_ids.filtered(lambda review: review.subject == "order")
            last_review = own.sorted("id")[-1:]
            order.customer_refund_due = (
                order.state != "sale"
                and last_review.state == "rejected"
                and order._get_customer_payment() > 0
            )

    def action_void_or_refund_payment(self):
        """Give the customer's money back by Odoo's own means (R-389).

        :return: the action that refunds what was paid already, else one that reloads the form
        :raise AccessError: without write access to the order
        :raise UserError: when the order was not rejected, or there is nothing to give back
        """
        self.ensure_one()
        self.check_access("write")
        if not self.customer_refund_due:
            raise UserError(
                self.env._(
                    "%s holds no payment of a rejected order: there is nothing to void or refund.",
                    self.name,
                )
            )
        transactions = self._get_customer_transactions()
        if "authorized" in transactions.mapped("state"):
            self.payment_action_void()
        received = transactions.filtered(lambda tx: tx.state == "done")
        if received:
            return received._get_refund_action()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === ACTIVITIES ===#

    def _get_customer_care_user(self):
        """Return who looks after the customer: the salesperson, else the process manager."""
        self.ensure_one()
        order = self.sudo()
        manager = order.company_id.order_process_manager_id
        return order.user_id.filtered("active") or manager or order._get_submitter()

    def _plan_customer_activities(self, kind, get_summary):
        """Put what is to be done for the customer on the list of who looks after them.

        :param kind: ``customer`` or ``refund``
        :param get_summary: gets each order in the language of the reader, returns the summary
        """
        if not self:
            return
        # sudo: the activity may belong to a colleague
        activities.close(self.sudo(), kinds=[kind])
        activities.schedule(
            self.env, [order._prepare_customer_task(kind, get_summary) for order in self]
        )

    def _prepare_customer_task(self, kind, get_summary):
        self.ensure_one()
        user = self._get_customer_care_user()
        return {
            "record": self,
            "kind": kind,
            "summary": get_summary(self._as_internal(user)),
            "user_id": user.id,
        }

    @api.model
    def _get_requester_tasks(self):
        return [*super()._get_requester_tasks(), "customer"]

    @api.model
    def _get_tasks_ended_by_confirmation(self):
        return [*super()._get_tasks_ended_by_confirmation(), "refund"]

    # === WHAT THE CUSTOMER READS ===#

    def _get_customer_notice(self, tz=None):
        """Return what the order page tells the customer: nothing internal, no technical word.

        :param tz: the time zone of the reader, if known
        :return: None, or ``kind`` (accepted, rejected, asked_again), ``deadline`` (in words, the
            moment until which the customer has our answer, or None when it has passed or none is
            promised) and ``is_paid``
        """
        self.ensure_one()
        # sudo: only these few facts leave the method
        order = self.sudo()
        kind = order._get_customer_notice_kind()
        if not kind:
            return None
        return {
            "kind": kind,
            "deadline": order._get_answer_deadline(kind, tz),
            "is_paid": order._get_customer_payment() > 0,
        }

    def _get_customer_notice_kind(self):
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return None
        if self.customer_asked_again:
            return "asked_again"
        if self.customer_accepted:
            is_rejected = self.current_review_id.state == "rejected"
            return "rejected" if is_rejected else "accepted"
        return None

    def _get_answer_deadline(self, kind, tz):
        """Return in words until when the customer is answered, None when that is not promised."""
        start = self.customer_accepted_at
        if kind == "rejected":
            start = self.current_review_id.decided_at
        hours = self.company_id.order_answer_hours
        if kind == "asked_again" or not start or hours <= 0:
            return None
        deadline = start + timedelta(hours=hours)
        if deadline <= fields.Datetime.now():
            return None
        own_tz = tz or self.partner_id.tz
        tz = own_tz or self.company_id.partner_id.tz or "UTC"
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), deadline)
        words = self.env._(
            "%(date)s, %(time)s",
            date=format_date(self.env, local.date(), date_format="full"),
            time=format_time(self.env, local.timetz(), time_format="short"),
        )
        return words if own_tz else f"{words} ({tz})"

    # === SENDING ONLY AFTER RELEASE ===#

    def _check_release_before_sending(self):
        """Refuse to send quotations before their release, where the company wants it so.

        Never for the customer, who may always accept, nor for the process itself.

        :raise UserError: names the orders and says what to do
        """
        if is_process(self.env) or is_customer(self.env):
            return
        # sudo: who sends may be no user of the process
        early = self.sudo().filtered(
            lambda order: order.company_id.order_release_before_sending
            and order.state in ("draft", "sent")
            and order.review_state not in ("approved", "not_required")
        )
        if early:
            raise UserError(
                self.env._(
                    "%s may only be sent to the customer when the review is approved. Use “Request"
                    " Review” and send it after the last department has signed.",
                    ", ".join(early.mapped("name")),
                )
            )

    def action_quotation_send(self):
        self._check_release_before_sending()
        return super().action_quotation_send()

    def message_post(self, **kwargs):
        if self.env.context.get("mark_so_as_sent"):
            self._check_release_before_sending()
        return super().message_post(**kwargs)

    def _get_default_payment_link_values(self):
        # The link leads the customer to the quotation
        self._check_release_before_sending()
        return super()._get_default_payment_link_values()
