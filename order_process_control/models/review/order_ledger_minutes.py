from odoo import models


class OrderLedger(models.Model):
    """Minutes of meetings against what the ledger tells of them."""

    _inherit = "order.ledger"

    def _find_breaks(self):
        # One query for the minutes of all chains
        # sudo: a ledger is verified against all that it tells of
        self.sudo().order_id.signoff_ids.minutes_ids.mapped("text")
        return super()._find_breaks()

    def _find_difference(self):
        return super()._find_difference() or self._find_minutes_difference()

    def _find_minutes_difference(self):
        """Return the first minutes that are not as the ledger of their order says, or False."""
        self.ensure_one()
        told = {
            (event.payload["signoff"], event.payload["hash"])
            for event in self.event_ids
            if event.kind == "minutes"
        }
        kept = {
            (entry.signoff_id.id, self.order_id._get_fingerprint(entry.text)): entry
            for entry in self.order_id.signoff_ids.minutes_ids
        }
        changed = next((kept[key] for key in kept if key not in told), None)
        if changed is not None:
            return self.env._(
                "The minutes of %s are not what the ledger says.", changed.signoff_id.name
            )
        if told - kept.keys():
            return self.env._("Minutes of a meeting that the ledger tells of are missing.")
        return False
