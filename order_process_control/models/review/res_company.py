from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_process_manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Signs where a department has nobody who can, so that no order gets stuck.",
    )
