from odoo import api, models


class OrderReviewStep(models.Model):
    """No step applies where the process is switched off."""

    _inherit = "order.review.step"

    @api.model
    def _get_steps_by_order(self, orders, history=None, matched=None):
        off = orders._filter_process_off()
        if not off:
            return super()._get_steps_by_order(orders, history, matched)
        steps = super()._get_steps_by_order(orders - off, history, matched)
        return {order_id: steps.get(order_id, self.browse()) for order_id in orders._ids}
