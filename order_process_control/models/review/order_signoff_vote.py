from odoo import api, fields, models
from odoo.exceptions import AccessError


class OrderSignoffVote(models.Model):
    """What one person decided on a sign-off, and by which right (R-113)."""

    _name = "order.signoff.vote"
    _description = "Sign-off Vote"
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
            ("process_manager", "Order Process Manager"),
        ],
        string="By Right of",
        required=True,
        readonly=True,
        help="Why this person could sign at that time.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Votes are kept for ever; they cannot be deleted."))
