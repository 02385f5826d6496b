from odoo import api, fields, models


class OrderSignoff(models.Model):
    """Sign-offs on an expedite: who decides, and at what price."""

    _inherit = "order.signoff"

    expedite_id = fields.Many2one("order.expedite", compute="_compute_expedite")
    expedite_reason = fields.Text(compute="_compute_expedite")
    expedite_timeline = fields.Json(compute="_compute_expedite")

    @api.depends("review_id")
    @api.depends_context("lang", "tz")
    def _compute_expedite(self):
        for signoff in self:
            # sudo: who reads the sign-off may know of which expedite it is, and its price
            expedite = signoff.sudo().review_id._get_expedite()
            signoff.expedite_id = expedite.sudo(False)
            signoff.expedite_reason = expedite._get_request_sentence() if expedite else False
            signoff.expedite_timeline = expedite.timeline

    def _compute_diff(self):
        own = self.filtered(lambda s: s.subject == "expedite")
        for signoff in own:
            # sudo: the round that the sign-off is part of
            rows = signoff.sudo().review_id.diff or []
            signoff.diff = [{**row, "is_watched": True} for row in rows]
        return super(OrderSignoff, self - own)._compute_diff()

    def _get_diff_title(self):
        if self.subject == "expedite":
            return self.env._("What it does to other orders")
        return super()._get_diff_title()
