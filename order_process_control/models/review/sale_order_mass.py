import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """Many orders at once, with a result for each."""

    _inherit = "sale.order"

    def action_confirm_released(self):
        """Confirm those of these orders that may be, and say of each what became of it.

        :return: list of dicts ``id``, ``name``, ``done`` (bool) and ``message``, in the order of
            the records
        :raise AccessError: without write access to the orders
        """
        self.check_access("write")
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        _passing, blocked = quotations._judge_gate()
        messages = {
            order.id: order._get_gate_message(blocked[order.id])
            for order in quotations
            if order.id in blocked
        }
        for order in self - quotations:
            messages[order.id] = self.env._("%s is no quotation any more.", order.name)
        messages |= self.filtered(lambda order: order.id not in messages)._try_to_confirm()
        return [
            {
                "id": order.id,
                "name": order.name,
                "done": not messages.get(order.id),
                "message": messages.get(order.id) or self.env._("Confirmed"),
            }
            for order in self
        ]

    def _try_to_confirm(self):
        """Confirm these orders together, or one by one where one of them fails.

        :return: ``{order id: why it was not confirmed}``
        """
        if not self:
            return {}
        try:
            with self.env.cr.savepoint():
                self.action_confirm()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(self) > 1:
                failures = {}
                for order in self:
                    failures |= order._try_to_confirm()
                return failures
            return {self.id: self._get_failure_words(error)}
        return {}

    def _get_failure_words(self, error):
        if isinstance(error, UserError):
            return str(error)
        _logger.exception("%s could not be confirmed", self.name)
        return self.env._("It could not be confirmed: ask your administrator to look at the log.")

    # === ON THE SCREEN ===#

    def action_confirm_released_with_result(self):
        """Confirm as :meth:`action_confirm_released` and show the result of each order."""
        results = self.action_confirm_released()
        return self.env["order.process.result"]._show(self.env._("Confirm Orders"), self, results)
