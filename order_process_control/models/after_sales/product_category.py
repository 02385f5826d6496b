from odoo import fields, models

# How long, in words for both product and category
NEVER = "A number below 0: not at all."


class ProductCategory(models.Model):
    """The return, exchange and repair policy of a kind of product (R-385, R-387)."""

    _inherit = "product.category"

    return_days = fields.Integer(
        string="Return Within (Days)",
        help=f"Counted from delivery. 0: as the category above says, else no limit. {NEVER}",
    )
    exchange_days = fields.Integer(
        string="Exchange Within (Days)",
        help=f"Counted from delivery. 0: as the category above says, else no limit. {NEVER}",
    )
    warranty_months = fields.Integer(
        string="Free Repair Within (Months)",
        help=f"Counted from delivery. 0: as the category above says, else none. {NEVER}",
    )

    def _get_ticket_window(self, name):
        """Return what this category or the nearest above it says; 0 when none does."""
        category = self
        while category and not category[name]:
            category = category.parent_id
        return category[name]
