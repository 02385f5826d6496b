from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class SaleOrder(models.Model):
    """Rejected although the customer has accepted or paid (R-389)."""

    _inherit = "sale.order"

    customer_refund_due = fields.Boolean(
        compute="_compute_customer_refund_due", groups="base.group_user"
    )

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
