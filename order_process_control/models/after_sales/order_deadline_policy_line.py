from odoo import fields, models


class OrderDeadlinePolicyLine(models.Model):
    """Times by the four priorities of tickets."""

    _inherit = "order.deadline.policy.line"

    priority = fields.Selection(selection_add=[("2", "Very Urgent"), ("3", "Critical")])
