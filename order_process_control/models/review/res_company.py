from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_process_manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Signs where a department has nobody who can, so that no order gets stuck.",
    )
    order_release_days = fields.Integer(
        string="Approvals Valid for (days)",
        help="An approved quotation that is not confirmed by then is reviewed again; 0: for ever.",
    )
