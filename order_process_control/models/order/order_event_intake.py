from odoo import fields, models

_KINDS = [
    ("oral_ours", "Oral Order Confirmed by us"),
    ("oral_customer", "Oral Order Confirmed by the Customer"),
    ("oral_voided", "Oral Order Changed before it was a Contract"),
]


class OrderEvent(models.Model):
    """What the intake of orders writes into the ledger."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )
