from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_fast_path = fields.Boolean(
        string="Fast Path for Goods in Stock",
        default=True,
        help="Orders of the classes that say so need no department when all goods are in stock."
        " Switched off, every order is asked about; what is released already stays so.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    order_fast_path = fields.Boolean(related="company_id.order_fast_path", readonly=False)
