from odoo import models

from .line_origin import with_origin


class StockPicking(models.Model):
    """What is shipped without having been ordered gets a line with quantity 0."""

    _inherit = "stock.picking"

    def _action_done(self):
        return super(StockPicking, with_origin(self, "picking"))._action_done()
