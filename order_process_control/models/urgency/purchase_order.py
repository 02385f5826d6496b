from odoo import api, models
from odoo.fields import Domain


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "order.priority.mixin"]

    @api.model
    def _get_serving_domain(self, order_domain):
        """References are lost when requests for quotation are merged, the moves to be supplied
        are not."""
        lines = Domain("sale_line_id.order_id", "any", order_domain) | Domain(
            "move_dest_ids.sale_line_id.order_id", "any", order_domain
        )
        return Domain("reference_ids.sale_ids", "any", order_domain) | Domain(
            "order_line", "any", lines
        )

    @api.model
    def _get_hurrying_domain(self):
        return Domain("state", "!=", "cancel") & Domain("receipt_status", "!=", "full")

    def action_merge(self):
        result = super().action_merge()
        self._sync_priority_with_orders()
        return result
