from odoo import api, models
from odoo.tools import formatLang

from ..order.process_token import is_process


class SaleOrderLine(models.Model):
    """Lines written directly change the content of their order as well."""

    _inherit = "sale.order.line"

    @api.model
    def _get_computed_fields(self):
        """Return stored fields that Odoo computes and rules read: never taken from a client.

        ``state`` would send goods out for an order that is none; ``extra_tax_data`` carries
        totals that Odoo's own discount and down payment methods have computed.
        """
        return {
            "state",
            "price_subtotal",
            "price_tax",
            "price_total",
            "price_reduce_taxexcl",
            "price_reduce_taxinc",
            "extra_tax_data",
        }

    def _drop_computed(self, vals):
        if is_process(self.env):
            return vals
        computed = self._get_computed_fields()
        return {name: value for name, value in vals.items() if name not in computed}

    @api.model_create_multi
    def create(self, vals_list):
        # Explicit: a default of the user's own is as good as a value
        vals_list = [{"extra_tax_data": False, **self._drop_computed(vals)} for vals in vals_list]
        lines = super().create(vals_list)
        lines.order_id._supersede_changed_reviews()
        return lines

    def write(self, vals):
        orders = self.order_id
        result = super().write(self._drop_computed(vals))
        if not orders._get_content_line_fields().isdisjoint(vals):
            (orders | self.order_id)._supersede_changed_reviews()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._supersede_changed_reviews()
        return result

    def _get_review_snapshot(self):
        """Return the line in words, as it is signed and kept."""
        self.ensure_one()
        product = self.product_id.display_name or self.name
        return {
            "product": product,
            "description": self.name.removeprefix(product).strip(),
            "quantity": formatLang(self.env, self.product_uom_qty, dp="Product Unit"),
            "unit": self.product_uom_id.name,
            "price": self.currency_id.format(self.price_unit),
            "discount": self.discount,
            "subtotal": self.currency_id.format(self.price_subtotal),
            "is_new": self.product_id.is_new_product,
            "is_custom": self.product_id.is_custom,
        }
