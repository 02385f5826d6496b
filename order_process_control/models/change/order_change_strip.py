from odoo import api, fields, models


class OrderChange(models.Model):
    """What the screens show of a change and its rounds."""

    _inherit = "order.change"

    review_count = fields.Integer(compute="_compute_review_strip")
    diff_summary = fields.Html(compute="_compute_diff_summary", sanitize=False)
    is_order_locked = fields.Boolean(
        related="order_id.locked", related_sudo=False, string="Order Locked"
    )

    def _compute_review_strip(self):
        result = super()._compute_review_strip()
        for change in self:
            change.review_count = len(change.review_strip["rounds"])
        return result

    def _prepare_review_strip(self, rounds):
        strip = super()._prepare_review_strip(rounds)
        return {**strip, "clock": self._get_deadline_chip()}

    @api.depends("before", "after")
    @api.depends_context("lang", "tz")
    def _compute_diff_summary(self):
        for change in self:
            # sudo: facts of the change itself, in words
            rows = [{**row, "is_watched": True} for row in change.sudo()._get_diff()]
            change.diff_summary = rows and self.env["ir.qweb"]._render(
                "order_process_control.order_review_diff", {"rows": rows, "title": False}
            )
