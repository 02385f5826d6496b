from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """What is given back for the goods of a ticket."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "order.ticket.document.mixin"]

    is_ticket_compensation = fields.Boolean(
        string="Compensation of a Ticket",
        copy=False,
        readonly=True,
        help="Money for goods that stay with the customer: no quantity was refunded.",
    )

    @api.model
    def _get_ticket_fields(self):
        return super()._get_ticket_fields() | {"is_ticket_compensation"}

    def _get_ticket_sign(self):
        """Return 1 for what was invoiced, -1 for what is given back, be it a draft, else 0."""
        self.ensure_one()
        if self.move_id.move_type == "out_invoice" and self.parent_state == "posted":
            return 1
        is_refund = self.move_id.move_type == "out_refund" and self.parent_state != "cancel"
        return -1 if is_refund else 0
