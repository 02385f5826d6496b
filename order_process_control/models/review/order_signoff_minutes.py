from odoo import fields, models


class OrderSignoffMinutes(models.Model):
    """Minutes of a review meeting, kept for ever: a correction is one more entry (R-084, R-142).

    They stay when the event is cancelled or deleted.
    """

    _name = "order.signoff.minutes"
    _description = "Minutes of a Review Meeting"
    _inherit = ["order.kept.mixin", "order.signer.part.mixin"]
    _order = "id"

    signoff_id = fields.Many2one(
        "order.signoff", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="signoff_id.company_id")
    text = fields.Text(string="Meeting Minutes", required=True, readonly=True)
    is_correction = fields.Boolean(string="Correction", readonly=True)
    held_at = fields.Datetime(string="Held On", required=True, readonly=True)
    recorded_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    recorded_at = fields.Datetime(string="Recorded On", required=True, readonly=True)
