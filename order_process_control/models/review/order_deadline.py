from odoo import api, models
from odoo.tools import SQL


class OrderDeadline(models.Model):
    """Deadlines of reviews are read by whoever signs."""

    _name = "order.deadline"
    _inherit = ["order.deadline", "order.signer.mixin"]


class OrderDeadlineEvent(models.Model):
    _name = "order.deadline.event"
    _inherit = ["order.deadline.event", "order.signer.mixin"]

    @api.model
    def _get_signer_link(self, alias):
        return SQL(
            "own.order_id = (SELECT order_id FROM order_deadline WHERE id = %s)",
            SQL.identifier(alias, "deadline_id"),
        )
