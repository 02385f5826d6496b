from odoo import api, models


class SaleOrder(models.Model):
    """Content is what was promised, not what Odoo's own documents add later."""

    _inherit = "sale.order"

    @api.model
    def _get_content_line_fields(self):
        return super()._get_content_line_fields() | {"is_delivery", "process_origin"}

    def _get_watched_lines(self):
        # sudo: whether a line counts does not depend on who looks
        products = self.order_line.sudo()._get_carrier_products()
        return self.order_line.filtered(lambda line: line.sudo()._is_content(products))

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "sale") != "sale":
            # Reviewed from the beginning, with all that is on it by now.
            # sudo: whoever takes the order back
            self.sudo().order_line._clear_process_origin()
        return result
