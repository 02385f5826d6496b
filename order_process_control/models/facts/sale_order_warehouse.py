from odoo import models

# What is looked up of the warehouse that an order is shipped from
_SUPPLY_CHECKS = {"stock_available", "feasible_date"}


class SaleOrder(models.Model):
    """What was found in one warehouse says nothing of another (R-078, R-106)."""

    _inherit = "sale.order"

    def _filter_restarting(self, vals):
        restarting = super()._filter_restarting(vals)
        if "warehouse_id" not in vals:
            return restarting
        moved = self.filtered(
            lambda order: order.warehouse_id.id != (vals["warehouse_id"] or False)
        )
        return restarting | moved._filter_stock_looked_up()

    def _filter_stock_looked_up(self):
        """Return the quotations of which somebody signs, or has signed, what is in stock."""
        # sudo: facts of all departments, whoever writes
        return self.filtered(
            lambda order: order.state in ("draft", "sent")
            and (
                order.sudo().is_fast_path
                or not _SUPPLY_CHECKS.isdisjoint(
                    order.sudo().current_review_id.signoff_ids.answer_ids.mapped("check_code")
                )
            )
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_computed_fields(self):
        return super()._get_computed_fields() | {"warehouse_id"}

    def write(self, vals):
        if "route_ids" not in vals:
            return super().write(vals)
        before = {line: line.route_ids for line in self}
        result = super().write(vals)
        moved = self.filtered(lambda line: line.route_ids != before[line])
        moved.order_id._filter_stock_looked_up()._void_release()
        return result
