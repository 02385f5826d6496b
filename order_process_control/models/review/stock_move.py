from odoo import models

from .line_origin import with_origin


class StockMove(models.Model):
    """What is shipped or built in without having been ordered comes onto the confirmed order."""

    _inherit = "stock.move"

    def _action_synch_order(self):
        return super(StockMove, with_origin(self, "picking"))._action_synch_order()

    def _create_repair_sale_order_line(self):
        return super(StockMove, with_origin(self, "repair"))._create_repair_sale_order_line()

    def _clean_repair_sale_order_line(self):
        return super(StockMove, with_origin(self, "repair"))._clean_repair_sale_order_line()

    def _update_repair_sale_order_line(self):
        return super(StockMove, with_origin(self, "repair"))._update_repair_sale_order_line()
