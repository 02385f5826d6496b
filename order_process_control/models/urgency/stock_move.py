from odoo import models

from ..order.sale_order_priority import URGENT
from .order_priority_mixin import BY_ORDER


class StockMove(models.Model):
    """A move takes its priority from its transfer, so that is what is made urgent."""

    _inherit = "stock.move"

    def _get_orders_served(self):
        """Return the orders, as superuser, that these moves bring goods to."""
        # sudo: the warehouse need not read orders to know what is urgent
        moves = self.sudo().filtered(lambda move: move.location_id.usage != "customer")
        orders = moves.sale_line_id.order_id
        # Upstream of the delivery only the references know the order
        others = moves.filtered(lambda move: not move.sale_line_id)
        orders |= others.reference_ids.sale_ids
        return orders | others.move_dest_ids.sale_line_id.order_id

    def _get_new_picking_values(self):
        vals = super()._get_new_picking_values()
        if self._get_orders_served()._filter_urgent():
            vals |= {"priority": URGENT, "is_urgent_by_order": BY_ORDER}
        return vals

    def write(self, vals):
        if "picking_id" not in vals:
            return super().write(vals)
        left = self.picking_id.filtered("is_urgent_by_order")
        result = super().write(vals)
        left._sync_priority_with_orders()
        self._hurry_pickings()
        return result

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        moves = super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)
        moves._hurry_pickings()
        return moves

    def _hurry_pickings(self):
        """Make the transfers urgent into which moves for an urgent order have come."""
        slow = self.filtered(lambda move: move.picking_id and move.picking_id.priority != URGENT)
        if slow and slow._get_orders_served()._filter_urgent():
            slow.picking_id._sync_priority_with_orders()
