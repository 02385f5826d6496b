from odoo import api, fields, models

_KINDS = [
    ("requested", "Review Requested"),
    ("approved", "Approved by a Department"),
    ("rejected", "Rejected by a Department"),
    ("signed_by_system", "Signed by the System"),
    ("completed", "Completed without Leavers"),
    ("asked", "Question"),
    ("answered", "Answer"),
    ("delegated", "Delegated"),
    ("undone", "Decision Taken Back"),
    ("round_approved", "Review Approved"),
    ("round_rejected", "Review Rejected"),
    ("round_superseded", "Review Superseded"),
    ("round_cancelled", "Review Cancelled"),
    ("tolerated", "Tolerated Change"),
    ("withdrawn", "Withdrawn"),
    ("escalated", "Final Approver Asked to Overrule"),
    ("exempted", "Exempted from Review"),
    ("point_closed", "Open Point Closed"),
    ("point_postponed", "Open Point Postponed"),
    ("meeting", "Review Meeting Planned"),
    ("minutes", "Minutes of the Review Meeting"),
    ("customer_checked", "Checked with the Customer"),
]


class OrderEvent(models.Model):
    """What reviews write into the ledger."""

    _inherit = "order.event"

    kind = fields.Selection(
        selection_add=_KINDS,
        ondelete={kind: "cascade" for kind, _label in _KINDS},
    )

    @api.depends("payload", "kind")
    def _compute_detail(self):
        """Name the sign-off or the round that an entry tells of."""
        result = super()._compute_detail()
        for name, model in (("review", "order.review"), ("signoff", "order.signoff")):
            told = {
                event: id_
                for event in self
                if isinstance(id_ := (event.payload or {}).get(name), int)
            }
            # sudo: who reads the ledger of an order reads what it tells of
            known = self.env[model].sudo().browse(told.values()).exists()
            for event, id_ in told.items():
                record = known.browse(id_)
                event.detail = record.display_name if record in known else event.detail
        return result
