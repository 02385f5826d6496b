from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderChange(models.Model):
    """What the screens show of a change and its rounds."""

    _inherit = "order.change"

    review_strip = fields.Json(compute="_compute_review_strip")
    review_count = fields.Integer(compute="_compute_review_strip")
    review_waiting_for = fields.Char(compute="_compute_review_waiting_for")
    has_open_question = fields.Boolean(compute="_compute_review_waiting_for")
    diff_summary = fields.Html(compute="_compute_diff_summary", sanitize=False)
    is_order_locked = fields.Boolean(
        related="order_id.locked", related_sudo=False, string="Order Locked"
    )

    @api.depends("review_id", "state")
    def _compute_review_strip(self):
        # sudo: who reads the change sees who signed it, as on the order
        reviews = self.env["order.review"].sudo()
        if self.env["sale.order"]._sees_reviews():
            reviews = reviews.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        strips = dict(zip(reviews.ids, reviews._get_strips(), strict=True))
        for change in self:
            own = reviews.filtered(lambda r, change=change: r.res_id == change._origin.id)
            change.review_count = len(own)
            change.review_strip = {
                "current": change.sudo().review_id.id,
                "is_outdated": False,
                "rounds": [strips[review.id] for review in own.sorted("id desc")],
                "clock": change._get_deadline_chip(),
            }

    @api.depends("review_id", "state")
    def _compute_review_waiting_for(self):
        for change in self:
            pending = change._get_pending_signoffs()
            change.review_waiting_for = ", ".join(pending.mapped("name"))
            change.has_open_question = any(s._has_open_question() for s in pending)

    def _get_pending_signoffs(self):
        # sudo: see _compute_review_strip
        return self.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")

    @api.depends("before", "after")
    def _compute_diff_summary(self):
        for change in self:
            # sudo: facts of the change itself, in words
            rows = [{**row, "is_watched": True} for row in change.sudo()._get_diff()]
            change.diff_summary = rows and self.env["ir.qweb"]._render(
                "order_process_control.order_review_diff", {"rows": rows, "title": False}
            )

    def action_open_answer(self):
        """Ask for the answer to the questions of departments on this change.

        :return: a window action
        :raise UserError: when no question is open
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one change."))
        asked = self._get_pending_signoffs().filtered(lambda s: s._has_open_question())
        if not asked:
            raise UserError(self.env._("There is no open question here any more."))
        return self.env["order.process.request"]._open(
            "answer", asked.sudo(False), self.env._("Answer")
        )
