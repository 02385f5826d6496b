from odoo import api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, procurements):
        """Procurement makes a purchase order or adds to one: both may be for an urgent order."""
        result = super()._run_buy(procurements)
        # sudo: whoever procures need not read orders
        references = self.env["stock.reference"].sudo()
        for procurement, _rule in procurements:
            references |= procurement.values.get("reference_ids") or references.browse()
        urgent = references.sudo().sale_ids._filter_urgent()
        if urgent:
            urgent._get_purchase_orders()._sync_priority_with_orders()
        return result
