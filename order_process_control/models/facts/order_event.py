from odoo import fields, models

_KINDS = [
    ("notice_signed", "Shipping Notice Signed"),
    ("notice_confirmed", "Shipping Notice Confirmed by the Warehouse"),
]


class OrderEvent(models.Model):
    """What Shipping Notices write into the ledger."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )
