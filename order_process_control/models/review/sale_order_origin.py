from odoo import api, models

from ..order.process_token import written_by_process


class SaleOrder(models.Model):
    """Content is what was promised, not what Odoo's own documents add later."""

    _inherit = "sale.order"

    @api.model
    def _get_content_line_fields(self):
        return super()._get_content_line_fields() | {"is_delivery", "process_origin"}

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("draft", "cancel"):
            # Reviewed from the beginning, with all that is on it by now.
            # sudo: whoever takes the order back
            self.sudo().order_line._clear_process_origin()
        return result

    def _action_confirm(self):
        """Odoo's pickup points replace the delivery address after the gate: that is the customer's
        choice from before, and becomes part of what was released."""
        moved = self.filtered("pickup_location_data")
        if not moved:
            return super()._action_confirm()
        with written_by_process(moved):
            result = super()._action_confirm()
        moved._accept_content()
        return result
