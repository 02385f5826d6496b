from odoo import fields, models


class OrderClass(models.Model):
    _inherit = "order.class"

    needs_customer_check = fields.Boolean(
        string="Check with the Customer",
        help="Orders of this class are submitted only after somebody has gone through them with"
        " the customer: goods, quantities, prices, addresses and dates (R-015).",
    )
