from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_new_product = fields.Boolean(
        string="New Product",
        help="Not produced or bought before: orders with it are special (R-046, R-071).",
    )
    is_custom = fields.Boolean(
        string="Custom Product",
        help="Made to the customer's own specification: orders with it are special (R-053).",
    )
