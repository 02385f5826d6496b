from odoo import api, fields, models


class OrderChange(models.Model):
    """What the order costs with the change, before and after it is submitted."""

    _inherit = "order.change"

    today_amount_total = fields.Monetary(
        related="order_id.amount_total", related_sudo=False, string="Total Today"
    )
    new_amount_total = fields.Monetary(
        string="New Total",
        compute="_compute_new_amount_total",
        help="Taxes included. While the change is being written, new lines count with the taxes of"
        " their product.",
    )

    @api.depends(
        "state",
        "after",
        "order_id.amount_total",
        "line_ids.product_id",
        "line_ids.product_uom_qty",
        "line_ids.price_unit",
        "line_ids.discount",
        "line_ids.is_removed",
    )
    def _compute_new_amount_total(self):
        for change in self:
            words = (change.after or {}).get("snapshot") or {}
            if change.state != "draft" and "amount_total" in words:
                # As Odoo itself has computed it when the change was submitted
                change.new_amount_total = words["amount_total"]
                continue
            change.new_amount_total = change.today_amount_total + sum(
                line._get_total() - line._get_today_total() for line in change.line_ids
            )


class OrderChangeLine(models.Model):
    _inherit = "order.change.line"

    def _get_total(self):
        """Return what this line costs as it is proposed, taxes included."""
        self.ensure_one()
        return self._get_taxed(self._get_taxes(), self._get_new_quantity(), self)

    def _get_today_total(self):
        """Return the same for the line of the order as it is, 0 for a new one."""
        self.ensure_one()
        line = self.order_line_id
        return self._get_taxed(line.tax_ids, line.product_uom_qty, line) if line else 0.0

    def _get_new_quantity(self):
        self.ensure_one()
        return 0.0 if self.is_removed else self.product_uom_qty

    def _get_taxed(self, taxes, quantity, line):
        price = line.price_unit * (1 - (line.discount or 0.0) / 100.0)
        return taxes.compute_all(
            price,
            currency=self.currency_id,
            quantity=quantity,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
        )["total_included"]

    def _get_taxes(self):
        """Return the taxes of the order's line, or those that a new line will get."""
        self.ensure_one()
        if self.order_line_id:
            return self.order_line_id.tax_ids
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        return self.order_id.fiscal_position_id.map_tax(taxes)
