from odoo import api, fields, models


class OrderDeadlineEvent(models.Model):
    """What happened to a promise, and when: any figure can be computed again from it."""

    _name = "order.deadline.event"
    _description = "Event of a Deadline"
    _order = "deadline_id, at, id"
    _rec_name = "kind"

    deadline_id = fields.Many2one(
        "order.deadline", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("start", "Started"),
            ("pause", "Paused"),
            ("resume", "Resumed"),
            ("meet", "Met"),
            ("miss", "Missed"),
            ("fulfil", "Fulfilled Late"),
            ("extend", "Extended"),
            ("reevaluate", "Evaluated Anew"),
            ("cancel", "Cancelled"),
            ("exempt", "Exempted"),
        ],
        required=True,
        readonly=True,
    )
    at = fields.Datetime(string="When", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    reason = fields.Char(readonly=True)
    minutes = fields.Float(
        readonly=True,
        help="Minutes allowed (started, evaluated anew), left (paused, resumed, cancelled,"
        " exempted), used (met), late (fulfilled late) or added (extended).",
    )
    hours = fields.Float(compute="_compute_hours")

    @api.depends("minutes")
    def _compute_hours(self):
        for event in self:
            event.hours = event.minutes / 60
