from odoo import api, models

from ..order.process_token import with_default


class ProductAttributeCustomValue(models.Model):
    """What a customer has made to measure is content of the order, written on its own as well."""

    _inherit = "product.attribute.custom.value"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_default(self, vals_list, "sale_order_line_id")
        line_ids = {vals.get("sale_order_line_id") for vals in vals_list}
        guarded = self._begin_change_of_lines(line_ids)
        values = super().create(vals_list)
        guarded._end_content_change()
        return values

    def write(self, vals):
        line_ids = {*self.sale_order_line_id.ids, vals.get("sale_order_line_id")}
        guarded = self._begin_change_of_lines(line_ids)
        result = super().write(vals)
        guarded._end_content_change()
        return result

    def unlink(self):
        guarded = self._begin_change_of_lines(self.sale_order_line_id.ids)
        result = super().unlink()
        guarded._end_content_change()
        return result

    @api.model
    def _begin_change_of_lines(self, line_ids):
        # sudo: a customer at the shop's checkout writes these without reading lines
        lines = self.env["sale.order.line"].sudo().browse(filter(None, line_ids))
        return lines.order_id.sudo(False)._begin_content_change()
