from odoo import SUPERUSER_ID, api, fields, models

from ..order.process_token import as_process
from . import activities
from .customer_token import as_customer, is_customer

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

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "customer_accepted",
            "customer_accepted_at",
            "customer_asked_again",
            "customer_fingerprint",
        }

    def write(self, vals):
        if vals.get("state") == "sale" and not self.env.user._is_internal():
            # Before the gate says who has to sign: portal users call this over RPC as well
            self.check_access("write")
        result = super().write(vals)
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
