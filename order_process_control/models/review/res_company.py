from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_process_manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Signs where a department has nobody who can, so that no order gets stuck.",
    )
    order_digest_mail = fields.Boolean(
        string="Daily Mail of Sign-offs",
        default=True,
        help="Once a day one mail to everybody who has something to sign, with the list of it.",
    )
