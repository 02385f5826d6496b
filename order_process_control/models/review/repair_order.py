from odoo import models

from .line_origin import with_origin


class RepairOrder(models.Model):
    """A repair writes quantity and price of the parts it brought onto the confirmed order."""

    _inherit = "repair.order"

    def action_repair_cancel(self):
        return super(RepairOrder, with_origin(self, "repair")).action_repair_cancel()

    def _update_sale_order_line_price(self):
        return super(RepairOrder, with_origin(self, "repair"))._update_sale_order_line_price()
