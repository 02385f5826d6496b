from odoo import fields, models


class OrderDeadlinePolicy(models.Model):
    _inherit = "order.deadline.policy"

    clock = fields.Selection(
        selection_add=[("change", "Change Agreed on")], ondelete={"change": "cascade"}
    )
