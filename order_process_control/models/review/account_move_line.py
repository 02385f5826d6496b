from odoo import models

from .line_origin import as_value


class AccountMoveLine(models.Model):
    """Costs that are passed on to the customer are booked on the confirmed order."""

    _inherit = "account.move.line"

    def _sale_prepare_sale_line_values(self, order, price):
        vals = super()._sale_prepare_sale_line_values(order, price)
        return {**vals, "process_origin": as_value("expense")}
