from odoo import api, fields, models


class OrderReviewPreview(models.TransientModel):
    """The preview puts right what it finds red, where one click is enough."""

    _inherit = "order.review.preview"

    is_date_red = fields.Boolean(compute="_compute_is_date_red")

    @api.depends("line_ids.result", "line_ids.check_code", "order_id.state")
    def _compute_is_date_red(self):
        for preview in self:
            preview.is_date_red = preview.order_id.state in ("draft", "sent") and any(
                line.check_code == "feasible_date" and line.result in ("warn", "fail")
                for line in preview.line_ids
            )

    def action_take_feasible_date(self):
        """Promise the earliest feasible date and show what the departments would find then.

        :return: a window action
        :raise AccessError: see ``sale.order.action_take_feasible_date``
        :raise UserError: see there
        """
        self.ensure_one()
        self.order_id.action_take_feasible_date()
        return self.order_id.action_preview_review()
