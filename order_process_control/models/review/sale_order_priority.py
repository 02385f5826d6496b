from odoo import models


class SaleOrder(models.Model):
    """The queues of sign-offs are sorted by the priority of the orders (R-176)."""

    _inherit = "sale.order"

    def _on_priority_changed(self):
        result = super()._on_priority_changed()
        # sudo: sign-offs are not writable for anybody
        signoffs = self.env["order.signoff"].sudo()
        signoffs = signoffs.search(
            [("order_id", "in", self.ids), ("state", "in", ("waiting", "pending"))]
        )
        signoffs._update_rows([{"priority": s.order_id.priority} for s in signoffs])
        return result
