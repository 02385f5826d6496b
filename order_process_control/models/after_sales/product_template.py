from odoo import fields, models

from .product_category import NEVER


class ProductTemplate(models.Model):
    """The return, exchange and repair policy of a product (R-385, R-387)."""

    _inherit = "product.template"

    return_days = fields.Integer(
        string="Return Within (Days)",
        help=f"Counted from delivery. 0: as the product's category says. {NEVER}",
    )
    exchange_days = fields.Integer(
        string="Exchange Within (Days)",
        help=f"Counted from delivery. 0: as the product's category says. {NEVER}",
    )
    warranty_months = fields.Integer(
        string="Free Repair Within (Months)",
        help=f"Counted from delivery. 0: as the product's category says. {NEVER}",
    )

    def _get_ticket_window(self, name):
        """Return the days or months of ``name``; 0: nothing is said, below 0: not at all."""
        self.ensure_one()
        return self[name] or self.categ_id._get_ticket_window(name)
