from odoo import fields, models


class OrderSignoffDecision(models.TransientModel):
    """Who signs a change reads why it is asked for."""

    _inherit = "order.signoff.decision"

    change_reason = fields.Text(related="signoff_id.change_reason", related_sudo=False)
