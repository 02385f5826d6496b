from odoo import fields, models

_KINDS = [
    ("emergency_started", "Emergency Requested"),
    ("emergency_need", "Emergency: Need Confirmed"),
    ("emergency_supply", "Emergency: Supply Confirmed"),
    ("emergency_shipment", "Emergency: Shipment Confirmed"),
    ("emergency_declined", "Emergency: Cannot be Met"),
    ("emergency_closed", "Emergency Closed, not Met"),
]


class OrderEvent(models.Model):
    """What emergency shipments write into the ledger of their order."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )
