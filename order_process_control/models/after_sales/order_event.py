from odoo import fields, models

_KINDS = [
    ("refund_submitted", "Refund Submitted"),
    ("refund_approved", "Refund Approved"),
    ("refund_refused", "Refund Refused"),
]


class OrderEvent(models.Model):
    """What refunds of tickets write into the ledger."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )
