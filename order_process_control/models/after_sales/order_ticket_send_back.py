from odoo import models
from odoo.exceptions import UserError


class OrderTicket(models.Model):
    """What was repaired goes back to the customer: one delivery a reception, by Odoo's own return
    of it (R-385)."""

    _inherit = "order.ticket"

    def action_send_back(self):
        """Send back what came to be repaired, once its repair is done or it was found intact. The
        order's delivered quantity stays as it is.

        :return: the action that shows the deliveries
        :raise UserError: when there is nothing to send back
        """
        lines = self._begin_documents(
            ("repair",), self.env._("Say on the goods what is to be repaired.")
        )
        portions = lines._get_send_back_portions()
        if not portions:
            raise UserError(
                self.env._(
                    "Nothing to send back: what is repaired has to come back, be inspected and its"
                    " repair be done first, or it was sent back already."
                )
            )
        pickings = self._return_transfers(portions)
        self._log_documents(self.env._("Sent back"), pickings)
        return pickings.sudo(False)._get_records_action(name=self.env._("Deliveries"))

    def _check_documents(self):
        """The customer's own goods do not stay here."""
        result = super()._check_documents()
        # sudo: figures of the stock, for whoever ends the ticket
        lines = self.sudo().line_ids.filtered(lambda line: line._get_outcome() == "repair")
        kept = lines.filtered(lambda line: line._get_kept_quantity())
        if kept:
            raise UserError(
                self.env._(
                    "%(ticket)s: %(goods)s came back to be repaired and is here still. Send it back"
                    " to the customer, or decide on something else than its repair.",
                    ticket=", ".join(kept.ticket_id.mapped("name")),
                    goods=", ".join(kept.product_id.mapped("display_name")),
                )
            )
        return result
