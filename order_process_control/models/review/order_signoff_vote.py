from odoo import fields, models


class OrderSignoffVote(models.Model):
    """What one person decided on a sign-off, and by which right (R-113)."""

    _name = "order.signoff.vote"
    _description = "Sign-off Vote"
    _inherit = "order.kept.mixin"
    _order = "id"

    signoff_id = fields.Many2one(
        "order.signoff", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="signoff_id.company_id")
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    decision = fields.Selection(
        [("approved", "Approved"), ("rejected", "Rejected")], required=True, readonly=True
    )
    comment = fields.Text(readonly=True)
    voted_at = fields.Datetime(string="Decided On", required=True, readonly=True)
    entitlement = fields.Selection(
        [
            ("reviewer", "Named Reviewer"),
            ("department", "Employee of the Department"),
            ("department_manager", "Manager of the Department"),
            ("delegate", "Delegate"),
            ("deputy", "Deputy"),
            ("process_manager", "Order Process Manager"),
        ],
        string="By Right of",
        required=True,
        readonly=True,
        help="Why this person could sign at that time.",
    )
    undone_at = fields.Datetime(
        readonly=True, help="When it was taken back as a mis-click; it does not count any more."
    )
