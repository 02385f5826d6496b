from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What tickets need of each company."""

    _inherit = "res.config.settings"

    order_quality_department_id = fields.Many2one(
        related="company_id.order_quality_department_id", readonly=False
    )
    ticket_keep_months = fields.Integer(related="company_id.ticket_keep_months", readonly=False)
    ticket_refund_limit = fields.Monetary(
        related="company_id.ticket_refund_limit",
        readonly=False,
        currency_field="currency_id",
    )
