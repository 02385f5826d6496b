from odoo import api, fields, models


class OrderSignoff(models.Model):
    """Sign-offs on an expedite: who decides, and at what price."""

    _inherit = "order.signoff"

    expedite_id = fields.Many2one("order.expedite", compute="_compute_expedite")
    expedite_reason = fields.Text(compute="_compute_expedite")
    expedite_timeline = fields.Json(compute="_compute_expedite")

    @api.depends("review_id")
    def _compute_expedite(self):
        for signoff in self:
            # sudo: who reads the sign-off may know of which expedite it is, and its price
            expedite = signoff.sudo().review_id._get_expedite()
            signoff.expedite_id = expedite.sudo(False)
            signoff.expedite_reason = expedite._get_request_sentence() if expedite else False
            signoff.expedite_timeline = expedite.timeline

    def _compute_diff(self):
        own = self.filtered(lambda s: s.sudo().review_id.subject == "expedite")
        for signoff in own:
            # sudo: the round that the sign-off is part of
            rows = signoff.sudo().review_id.diff or []
            signoff.diff = [{**row, "is_watched": True} for row in rows]
        return super(OrderSignoff, self - own)._compute_diff()

    def _get_diff_title(self):
        if self.sudo().review_id.subject == "expedite":
            return self.env._("What it does to other orders")
        return super()._get_diff_title()

    def _can_be_carried(self, review, proposal, vals):
        """What was signed for the order says nothing about others that are overtaken."""
        return proposal.subject != "expedite" and super()._can_be_carried(review, proposal, vals)

    def _may_sign_itself(self):
        """The price for others is weighed by people."""
        # sudo: the round that the sign-off is part of
        return self.sudo().review_id.subject != "expedite" and super()._may_sign_itself()

    @api.model
    def _get_round_configuration(self, pairs):
        """Where no step signs expedites the company's process manager is asked (principle 9)."""
        configuration = super()._get_round_configuration(pairs)
        if any(proposal.step_ids == (False,) for _review, proposal in pairs):
            return {**configuration, False: self._prepare_fallback_configuration()}
        return configuration

    @api.model
    def _prepare_fallback_configuration(self):
        """Return the values of a step that nobody has configured; see
        ``order.review.step._prepare_configuration``."""
        steps = self.env["order.review.step"]
        values = steps.new({"name": self.env._("Process Manager")})._prepare_configuration()
        return {**values, "copy": {**values["copy"], "step_id": False}}
