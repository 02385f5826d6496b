from odoo import api, models
from odoo.exceptions import UserError

from ..order.process_token import is_process
from .customer_token import is_customer


class SaleOrder(models.Model):
    """Quotations are sent only after their release, where the company wants it so."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sent")._check_release_before_sending()
        return orders

    def write(self, vals):
        sending = self.browse()
        if vals.get("state") == "sent":
            sending = self.filtered(lambda order: order.state != "sent")
        result = super().write(vals)
        # After the change: the same call may have changed what was released
        sending._check_release_before_sending()
        return result

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
