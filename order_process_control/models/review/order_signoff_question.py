from odoo import fields, models


class OrderSignoffQuestion(models.Model):
    """What a department wants to know before it signs, and what sales answered (R-108)."""

    _name = "order.signoff.question"
    _description = "Question of a Sign-off"
    _inherit = "order.kept.mixin"
    _order = "id desc"

    signoff_id = fields.Many2one(
        "order.signoff", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="signoff_id.company_id")
    question = fields.Text(required=True, readonly=True)
    asked_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    asked_at = fields.Datetime(string="Asked On", required=True, readonly=True)
    answer = fields.Text(readonly=True)
    answered_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime(string="Answered On", readonly=True)
