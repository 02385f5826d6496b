from odoo import fields, models

from ..deadline.working_time import Clocks
from ..order.kept_rows import update_rows


class OrderDeadline(models.Model):
    """What tickets need of promises beside what all need."""

    _inherit = "order.deadline"

    priority = fields.Selection(selection_add=[("2", "Very Urgent"), ("3", "Critical")])

    def _reopen_ended(self, reason):
        """Let promises that have ended go on with the time that was left: the clock of what was
        not solved after all is never reset.

        :param str reason: why, for the history
        """
        at = fields.Datetime.now()
        # sudo: promises, which nobody writes; the caller has checked
        ended = self.sudo().filtered("stopped_at")
        clocks, vals_list, events = Clocks(self.env, at), [], []
        for deadline in ended:
            used = deadline.minutes - deadline.remaining_minutes
            vals = {
                "state": "missed" if deadline.state == "missed" else "running",
                "stopped_at": False,
                "paused_at": False,
                "pause_reason": False,
                "remaining_minutes": 0.0,
                "used_minutes": 0.0,
                "delay_minutes": 0.0,
                **deadline._get_new_moments(clocks, at, deadline.minutes, used),
            }
            vals["next_alert_at"] = deadline._get_next_alert_at(vals, deadline.alert_level)
            vals_list.append(vals)
            events.append(deadline._prepare_event("resume", at, reason, deadline.remaining_minutes))
        ended._write_course(vals_list, events)
        self._call_scan_for([vals["next_alert_at"] for vals in vals_list])
        return ended

    def _set_owners(self, vals_by_id):
        """Let alerts of open promises go to who answers for them now, in one statement.

        :param dict vals_by_id: ``{deadline id: values}`` of ``user_id`` and ``department_id``
        """
        # sudo: as above
        changed = self.sudo().filtered(
            lambda d: (d.user_id.id, d.department_id.id)
            != (vals_by_id[d.id]["user_id"], vals_by_id[d.id]["department_id"])
        )
        return update_rows(changed, [vals_by_id[deadline.id] for deadline in changed])
