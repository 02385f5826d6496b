from odoo import fields, models


class OrderTicketCategory(models.Model):
    """Whether and when customers are called afterwards (R-370, R-399)."""

    _inherit = "order.ticket.category"

    follow_up_days = fields.Integer(
        string="Call after (days)",
        help="Days after closing on which the agent calls the customer to hear how it goes. 0: no"
        " call.",
    )

    _follow_up_days_not_negative = models.Constraint(
        "CHECK(follow_up_days >= 0)", "Enter 0 days for no call."
    )
