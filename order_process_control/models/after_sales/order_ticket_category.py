from odoo import fields, models

PHASES = [
    ("pre_sales", "Before the Sale"),
    ("in_sales", "During the Sale"),
    ("after_sales", "After the Sale"),
]


class OrderTicketCategory(models.Model):
    """What a ticket is about: the service catalogue (R-355, R-357, R-364, R-366)."""

    _name = "order.ticket.category"
    _description = "Ticket Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the category in every company."
    )
    kind = fields.Selection(
        [
            ("consultation", "Consultation"),
            ("feedback", "Feedback"),
            ("complaint", "Complaint"),
            ("technical", "Technical Support"),
            ("repair", "Repair"),
            ("return", "Return or Exchange"),
            ("delivery", "Delivery"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="Feedback is an opinion, a complaint is dissatisfaction that was expressed (R-364).",
    )
    phase = fields.Selection(
        PHASES,
        required=True,
        default="after_sales",
        help="Proposed for the tickets of this category.",
    )
    description = fields.Text(translate=True, help="What belongs here, for who has to choose.")
    color = fields.Integer()
