from odoo import fields, models

from .order_alert_recipients import LEVEL_CHOICES


class OrderAlertNotice(models.Model):
    """Who was told of an alert at which level: once, ever."""

    _name = "order.alert.notice"
    _description = "Notice of an Alert"
    _inherit = "order.kept.mixin"
    _order = "at desc, id desc"
    _rec_name = "user_id"

    alert_id = fields.Many2one("order.alert", required=True, readonly=True, ondelete="cascade")
    deadline_id = fields.Many2one("order.deadline", readonly=True, ondelete="set null")
    level = fields.Selection(LEVEL_CHOICES, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Told", required=True, readonly=True, index=True, ondelete="cascade"
    )
    at = fields.Datetime(string="When", required=True, readonly=True)
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    mail_state = fields.Selection(
        [("none", "Not Asked For"), ("queued", "Queued"), ("failed", "No Address")],
        string="E-mail",
        readonly=True,
    )

    _alert_uniq = models.UniqueIndex("(alert_id, level, user_id)")
    _deadline_uniq = models.UniqueIndex(
        "(deadline_id, level, user_id) WHERE deadline_id IS NOT NULL"
    )
