from odoo import models
from odoo.exceptions import UserError


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._check_shipping_notice()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _check_shipping_notice(self):
        """Refuse to ship an order of the fast path before its salesperson has signed (R-078).

        :raise UserError: says who has to do what
        """
        orders = self._get_orders_shipped()
        waiting = orders.filtered(lambda o: o.is_fast_path and o.shipping_notice_state != "signed")
        if waiting:
            raise UserError("\n".join(waiting._get_notice_demand()))

    def _get_orders_shipped(self):
        """Return the orders of which these moves bring something to the customer, as superuser."""
        # sudo: the warehouse need not read orders to ship them
        moves = self.sudo().filtered(
            lambda move: move.location_dest_id.usage == "customer"
            and move.state not in ("done", "cancel")
        )
        return moves.sale_line_id.order_id | moves.picking_id.sale_id
