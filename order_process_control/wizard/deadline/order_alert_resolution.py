from odoo import api, fields, models


class OrderAlertResolution(models.TransientModel):
    """How alerts are settled: cause and measure at once, effect and lesson now or later."""

    _name = "order.alert.resolution"
    _description = "Resolution of Alerts"

    alert_ids = fields.Many2many("order.alert", string="Alerts", readonly=True)
    is_evaluation = fields.Boolean(compute="_compute_is_evaluation")
    hint = fields.Char(compute="_compute_is_evaluation")
    cause = fields.Text()
    measure = fields.Text()
    effect = fields.Text()
    lesson = fields.Text(string="Lesson Learned")

    @api.depends("alert_ids")
    @api.depends_context("lang")
    def _compute_is_evaluation(self):
        for wizard in self:
            alerts = wizard.alert_ids
            wizard.is_evaluation = bool(alerts) and set(alerts.mapped("state")) == {"resolved"}
            wizard.hint = ", ".join(alerts[:5].mapped("name"))
            if len(alerts) > 5:
                wizard.hint = self.env._(
                    "%(names)s and %(count)s more", names=wizard.hint, count=len(alerts) - 5
                )

    def action_resolve(self):
        """Resolve the alerts, or say what came of it; they judge by themselves who may."""
        self.ensure_one()
        if self.is_evaluation:
            self.alert_ids.action_evaluate(self.effect, self.lesson)
        else:
            self.alert_ids.action_resolve(self.cause, self.measure, self.effect, self.lesson)
        return {"type": "ir.actions.act_window_close"}
