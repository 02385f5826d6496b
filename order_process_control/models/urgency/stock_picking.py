from odoo import api, models
from odoo.fields import Domain

from ..order.process_token import as_process


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "order.priority.mixin"]

    @api.model
    def _get_serving_domain(self, order_domain):
        """A line of an order says for whom a move is; further up only the references do. What
        comes back from a customer serves nobody."""
        by_line = Domain("sale_line_id.order_id", "any", order_domain)
        by_chain = Domain("sale_line_id", "=", False) & (
            Domain("reference_ids.sale_ids", "any", order_domain)
            | Domain("move_dest_ids.sale_line_id.order_id", "any", order_domain)
        )
        is_open = Domain("state", "not in", ("done", "cancel"))
        is_return = Domain("location_id.usage", "=", "customer")
        return Domain("move_ids", "any", is_open & ~is_return & (by_line | by_chain))

    @api.model
    def _get_hurrying_domain(self):
        return Domain("state", "not in", ("done", "cancel"))

    def _create_backorder_picking(self):
        # Odoo copies the priority: where it is from has to go with it
        backorder = super()._create_backorder_picking()
        if self.is_urgent_by_order:
            as_process(backorder).write({"is_urgent_by_order": True})
        return backorder

    def _create_backorder(self, backorder_moves=None):
        backorders = super()._create_backorder(backorder_moves=backorder_moves)
        # What is left may serve others than what was shipped
        backorders.filtered("is_urgent_by_order")._sync_priority_with_orders()
        return backorders

    def _action_done(self):
        # Odoo takes the star away at the end
        hurried = self.filtered("is_urgent_by_order")
        result = super()._action_done()
        hurried._release_purchases()
        return result

    def _release_purchases(self):
        """Take back the priority of purchases that no urgent order waits for any more."""
        # sudo: the warehouse need not read orders and purchases
        moves = self.sudo().move_ids
        moves.purchase_line_id.order_id._sync_priority_with_orders()
        orders = moves._get_orders_served()._filter_urgent()
        orders.filtered(lambda order: order.delivery_status == "full")._propagate_priority()
