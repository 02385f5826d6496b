from odoo import fields, models


class OrderSignoffDecision(models.TransientModel):
    """Who signs an expedite reads why it is asked for, and sees the price."""

    _inherit = "order.signoff.decision"

    expedite_reason = fields.Text(related="signoff_id.expedite_reason", related_sudo=False)
    expedite_timeline = fields.Json(related="signoff_id.expedite_timeline", related_sudo=False)
