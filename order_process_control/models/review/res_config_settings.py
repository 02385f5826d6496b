from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    order_process_manager_id = fields.Many2one(
        related="company_id.order_process_manager_id", readonly=False
    )
    order_split_days = fields.Integer(related="company_id.order_split_days", readonly=False)
    order_release_days = fields.Integer(related="company_id.order_release_days", readonly=False)
    order_digest_mail = fields.Boolean(related="company_id.order_digest_mail", readonly=False)
    order_answer_hours = fields.Integer(related="company_id.order_answer_hours", readonly=False)
    order_release_before_sending = fields.Boolean(
        related="company_id.order_release_before_sending", readonly=False
    )
