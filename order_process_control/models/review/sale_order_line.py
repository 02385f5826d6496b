from odoo import api, models

from ..order.process_token import as_process, is_process, with_default


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
        vals_list = with_default(self, vals_list, "order_id")
        # Explicit: a default of the user's own is as good as a value
        vals_list = [{"extra_tax_data": False, **self._drop_computed(vals)} for vals in vals_list]
        order_ids = {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        guarded = self.env["sale.order"].browse(order_ids)._begin_content_change()
        lines = super().create(vals_list)
        guarded._end_content_change()
        return lines

    def write(self, vals):
        vals = self._drop_computed(vals)
        if self.env["sale.order"]._get_content_line_fields().isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or ())
        guarded = orders._begin_content_change()
        if self._is_repair_taken_back(vals):
            result = super(SaleOrderLine, as_process(self)).write(vals)
            guarded._accept_content()
            return result
        result = super().write(vals)
        guarded._end_content_change()
        return result

    def unlink(self):
        guarded = self.order_id._begin_content_change()
        result = super().unlink()
        guarded._end_content_change()
        return result

    @api.constrains(lambda self: self.env["sale.order"]._get_content_line_fields() - {"order_id"})
    def _constrain_confirmed_content(self):
        # Recomputation passes through no write, but through here
        self.order_id._check_confirmed_content()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_down_payment_lines_from_base_lines(self, down_payment_base_lines):
        # Odoo's own totals, which no client may write: see sale.order.line._get_computed_fields
        return (
            super(SaleOrder, as_process(self))
            ._create_down_payment_lines_from_base_lines(down_payment_base_lines)
            .with_env(self.env)
        )
