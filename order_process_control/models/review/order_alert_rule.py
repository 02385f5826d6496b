from odoo import api, models
from odoo.tools import SQL


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    @api.model
    def _get_processed_condition(self):
        """A quotation is processed when its review was decided (R-157)."""
        return SQL(
            """EXISTS (SELECT FROM order_review AS round
                        WHERE round.id = so.current_review_id
                          AND round.state IN ('approved', 'rejected'))"""
        )
