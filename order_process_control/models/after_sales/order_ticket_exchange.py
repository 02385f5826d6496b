from odoo import models
from odoo.exceptions import UserError


class OrderTicket(models.Model):
    """Other goods for those that came back, and goods that were missing: one delivery."""

    _inherit = "order.ticket"

    def action_create_exchange(self):
        """Deliver for what was returned to be exchanged and was inspected, and what is to be
        supplied again: one delivery an order, by the procurement of Odoo's own exchange.

        :return: the action that shows the deliveries
        :raise UserError: when nothing is to be sent, or what came back was not inspected
        """
        lines = self._begin_documents(
            ("exchange", "resupply"),
            self.env._("Say on the goods what is to be exchanged or supplied again."),
        )
        quantities = {line: line._get_sendable_quantity() for line in lines}
        sendable = {line: qty for line, qty in quantities.items() if qty}
        if not sendable:
            raise UserError(
                self.env._(
                    "Nothing to send: what is exchanged has to come back and be inspected first,"
                    " or it was sent already."
                )
            )
        before = lines.transfer_move_ids
        lines.env["stock.rule"].run(
            [line._get_exchange_procurement(qty) for line, qty in sendable.items()]
        )
        lines.invalidate_recordset(["transfer_move_ids"])
        pickings = (lines.transfer_move_ids - before).picking_id
        self._log_documents(self.env._("Sent again"), pickings)
        return pickings.sudo(False)._get_records_action(name=self.env._("Deliveries"))
