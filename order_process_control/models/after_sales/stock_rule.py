from odoo import models


class StockRule(models.Model):
    """What is delivered for a ticket knows it."""

    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "ticket_line_id"]
