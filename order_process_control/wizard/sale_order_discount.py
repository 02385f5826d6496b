from odoo import models

from ..models.order.process_token import as_process


class SaleOrderDiscount(models.TransientModel):
    _inherit = "sale.order.discount"

    def _create_discount_lines(self):
        # Odoo's own totals, which no client may write: see sale.order.line._get_computed_fields
        return super(SaleOrderDiscount, as_process(self))._create_discount_lines()
