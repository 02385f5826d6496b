from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_split_days = fields.Integer(
        string="Add Up Orders of (days)",
        default=3,
        help="Limits on amounts in rules also count what the same customer has ordered within these"
        " days, so that nobody passes under a limit by splitting an order; 0: each for itself.",
    )
