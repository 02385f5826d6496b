from odoo import fields, models

_KINDS = [
    ("expedite_submitted", "Expedite Submitted"),
    ("expedite_approved", "Expedite Approved"),
    ("expedite_applied", "Expedite Applied"),
    ("expedite_harmed", "Overtaken by an Expedite"),
    ("expedite_refused", "Expedite Refused"),
    ("expedite_outdated", "Expedite Outdated"),
    ("expedite_reverted", "Expedite Reverted"),
    ("expedite_cancelled", "Expedite Cancelled"),
]


class OrderEvent(models.Model):
    """What expedites write into the ledger of their order, and of those that they overtake."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )
