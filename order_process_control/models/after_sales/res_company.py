from odoo import fields, models


class ResCompany(models.Model):
    """What tickets need of each company."""

    _inherit = "res.company"

    order_quality_department_id = fields.Many2one(
        "hr.department",
        string="Quality Department",
        help="Alerted at once of major quality problems: its manager and its employees.",
    )
    ticket_refund_limit = fields.Monetary(
        string="Refund Limit",
        help="What tickets refund of one order above this amount in total needs signatures."
        " 0: none does.",
    )
    ticket_keep_months = fields.Integer(
        string="Keep Archived Tickets For",
        default=36,
        help="In months from archiving: before that nobody deletes them. 0: for ever.",
    )

    _ticket_keep_months_positive = models.Constraint(
        "CHECK(ticket_keep_months >= 0)", "Enter a number of months, or 0 to keep them for ever."
    )
