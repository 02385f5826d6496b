from odoo import fields, models


class OrderDeadline(models.Model):
    """What ended by mistake."""

    _inherit = "order.deadline"

    def _reopen(self):
        """Let promises run on whose end is taken back, as if they had never ended: the time went
        on meanwhile, what was paused stands still as before, what was missed stays missed.

        Their alerts, which the end has cleared, are raised anew if the time for them has come.
        """
        now = fields.Datetime.now()
        ended = self.sudo().filtered("stopped_at")
        vals_list = [deadline._prepare_reopen_vals() for deadline in ended]
        events = [deadline._prepare_event("reopen", now) for deadline in ended]
        ended._write_course(vals_list, events)
        self._call_scan_for([vals["next_alert_at"] for vals in vals_list])
        return ended

    def _prepare_reopen_vals(self):
        self.ensure_one()
        is_late = self.state == "missed"
        return {
            "state": "missed" if is_late else "paused" if self.paused_at else "running",
            "stopped_at": False,
            "remaining_minutes": self.remaining_minutes if self.paused_at else 0.0,
            "used_minutes": 0.0,
            "delay_minutes": 0.0,
            "alert_level": 0,
            "next_alert_at": not self.paused_at and self._get_next_alert_at(self, 0),
        }
