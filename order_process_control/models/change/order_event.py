from odoo import fields, models

_KINDS = [
    ("change_submitted", "Change Submitted"),
    ("change_approved", "Change Approved"),
    ("change_applied", "Change Applied"),
    ("change_refused", "Change Refused"),
    ("change_outdated", "Change Outdated"),
    ("change_withdrawn", "Change Withdrawn"),
]


class OrderEvent(models.Model):
    """What changes write into the ledger."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )
