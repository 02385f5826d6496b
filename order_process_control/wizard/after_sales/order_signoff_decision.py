from odoo import fields, models


class OrderSignoffDecision(models.TransientModel):
    """Who signs a refund reads what it is for."""

    _inherit = "order.signoff.decision"

    refund_summary = fields.Text(related="signoff_id.refund_summary", related_sudo=False)
