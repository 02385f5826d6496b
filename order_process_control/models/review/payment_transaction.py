from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import str2bool

from .customer_token import as_customer


class PaymentTransaction(models.Model):
    """Who pays online accepts the order: a review that is still to come stops no payment."""

    _inherit = "payment.transaction"

    def _post_process(self):
        # Everything in here confirms for the customer, cash on delivery included, whoever runs
        # it: the customer's browser, the provider's call, the scheduled action, an accountant
        return super(PaymentTransaction, as_customer(self))._post_process()

    def _check_amount_and_confirm_order(self):
        """:return: the orders that are confirmed. The customer of one that was only accepted gets
        Odoo's letter that the payment arrived instead of the confirmation."""
        accepting = super(PaymentTransaction, as_customer(self))
        orders = accepting._check_amount_and_confirm_order().with_env(self.env)
        return orders.filtered(lambda order: order.state == "sale")

    # === INVOICES OF ORDERS THAT CONFIRM THEMSELVES AT RELEASE ===#

    @api.model
    def _is_automatic_invoice(self):
        # sudo: Odoo's own setting, whoever pays or signs
        value = self.env["ir.config_parameter"].sudo().get_param("sale.automatic_invoice")
        return str2bool(value, False)

    def _cron_send_invoice(self):
        """Send also the invoices of orders that were paid long before their release.

        Odoo looks at payments of the last two days; a review may take longer.
        """
        result = super()._cron_send_invoice()
        if self._is_automatic_invoice():
            self.search(self._get_released_invoice_domain())._send_invoice()
        return result

    @api.model
    def _get_released_invoice_domain(self):
        unsent = [("state", "=", "posted"), ("is_move_sent", "=", False)]
        return [
            ("state", "=", "done"),
            ("invoice_ids", "any", unsent),
            (
                "sale_order_ids",
                "any",
                [
                    ("state", "=", "sale"),
                    ("customer_accepted", "=", True),
                    # Odoo writes the moment of the confirmation here
                    ("date_order", ">=", fields.Datetime.now() - timedelta(days=2)),
                ],
            ),
        ]

    # === GIVING MONEY BACK ===#

    def _get_refund_action(self):
        """Return where the user refunds these transactions: Odoo's wizard, else their payments.

        Who may not see payments is told whom to ask.
        """
        # sudo(False): what is opened is opened with the rights of who clicked
        payments = self.payment_id.sudo(False)
        if not payments.has_access("read"):
            return self._get_ask_accounting_action()
        refundable = self.payment_id.filtered(lambda p: p.amount_available_for_refund > 0)
        if len(refundable) == 1:
            action = refundable.sudo(False).action_refund_wizard()
            return action | {
                "context": {"active_model": "account.payment", "active_id": refundable.id}
            }
        if payments:
            return payments._get_records_action(name=self.env._("Payments to Refund"))
        return self.sudo(False)._get_records_action(name=self.env._("Payments to Refund"))

    def _get_ask_accounting_action(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Ask accounting to refund %s: only they may return what was received.",
                    ", ".join(self.mapped("reference")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
