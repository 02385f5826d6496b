import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..order.kept_rows import get_insert_query
from .working_time import FALLBACK, Clocks

_logger = logging.getLogger(__name__)


class OrderDeadline(models.Model):
    """How a promise starts: any number of them with one statement."""

    _inherit = "order.deadline"

    @api.model
    def _start_many(self, vals_list):
        """Start promises, with one query however many there are.

        :param list vals_list: dicts with ``record``, ``clock`` and ``company_id``, optionally
            ``policy`` or ``policy_id`` (else the one of its clock, company and department),
            ``at`` (naive, in UTC, else now), ``minutes`` and ``calendar_id`` (instead of the
            policy's) and further fields of the row
        :return: the deadlines, as superuser; what no policy times has none, and what cannot be
            timed is logged: it stops nobody.
        """
        # sudo: nobody writes these rows but the engine
        engine = self.sudo()
        now = fields.Datetime.now()
        clocks = Clocks(self.env, now)
        prepared = []
        for vals in vals_list:
            try:
                row = engine._prepare_start_vals(dict(vals), clocks, now)
            except psycopg2.Error:
                raise  # the transaction is over
            except Exception:
                _logger.exception("No deadline: %s cannot be timed", vals.get("record"))
                continue
            if row:
                prepared.append(row)
        return engine._insert_started(prepared)

    @api.model
    def _prepare_start_vals(self, vals, clocks, now):
        """Return the row of one promise, or None when no policy times it."""
        record, at = vals.pop("record"), vals.pop("at", None) or now
        policy = vals.pop("policy", None)
        policy_id = policy.id if policy else vals.pop("policy_id", None)
        policies = self.env["order.deadline.policy"]
        info = (
            policies._get_infos().get(policy_id)
            if policy_id
            else policies._find_info(
                vals["clock"], vals["company_id"], vals.get("department_id") or False
            )
        )
        if not info:
            return None
        minutes = vals.get("minutes") or info.get_minutes(
            vals.get("class_id") or False, vals.get("priority") or False
        )
        if not minutes:
            return None
        calendar_id = vals.get("calendar_id") or self._get_calendar_id(info, vals)
        clock = clocks.get(calendar_id, vals["company_id"])
        row = {
            **dict.fromkeys(self._get_start_fields(), False),
            **vals,
            "clock": vals.get("clock") or info.clock,
            "policy_id": info.id,
            "res_model": record._name,
            "res_id": record.id,
            # What has fallen back to the clock stays on it
            "calendar_id": False if clock is FALLBACK else calendar_id,
            "minutes": minutes,
            "started_at": at,
            "state": "running",
            "alert_level": 0,
            "failures": 0,
            **self._get_moments(clock, info, at, minutes),
        }
        row["next_alert_at"] = row["warn_at"] or row["deadline"]
        return row

    @api.model
    def _get_start_fields(self):
        """Return the optional fields of a new row."""
        return ("name", "order_id", "department_id", "user_id", "class_id", "priority")

    @api.model
    def _get_calendar_id(self, info, vals):
        """Return the calendar that a promise is timed by; False: time elapses."""
        if not info.is_working:
            return False
        departments = self.env["hr.department"]._get_order_calendar_ids()
        return (
            info.calendar_id
            or departments.get(vals.get("department_id"))
            or self.env["res.company"]._get_order_calendar_ids().get(vals["company_id"], False)
        )

    @api.model
    def _get_moments(self, clock, info, at, minutes, used=0.0):
        """Return when a promise is warned of, due, and an emergency.

        :param at: the moment at which ``used`` minutes are used up
        """
        share, late = 0.0, 0.0
        if info:
            share, late = info.warning_percent / 100, info.emergency_minutes
        return {
            "warn_at": clock.add(at, minutes * share - used) if share else False,
            "deadline": clock.add(at, minutes - used),
            "emergency_at": clock.add(at, minutes + late - used) if late else False,
        }

    @api.model
    def _insert_started(self, rows):
        """Insert promises, each with its first event, in one statement."""
        if not rows:
            return self
        columns = [self._fields[name] for name in rows[0]]
        user_id = self.env.uid
        query = SQL(
            """WITH started AS (%s), event AS (
                   INSERT INTO order_deadline_event (deadline_id, kind, at, user_id, minutes,
                          create_uid, create_date, write_uid, write_date)
                   SELECT id, 'start', started_at, %s, minutes,
                          create_uid, create_date, write_uid, write_date FROM started)
               SELECT id FROM started ORDER BY id""",
            get_insert_query(
                self,
                columns,
                rows,
                returning=(
                    *("id", "started_at", "minutes"),
                    *("create_uid", "create_date", "write_uid", "write_date"),
                ),
            ),
            user_id,
        )
        deadlines = self.browse(id_ for (id_,) in self.env.execute_query(query))
        self._forget_statuses()
        self._call_scan_for([row["next_alert_at"] for row in rows])
        return deadlines

    @api.model
    def _call_scan_for(self, moments):
        """Let the scheduled action run at these moments, when it would not come by before."""
        soon = fields.Datetime.now() + timedelta(minutes=SCAN_MINUTES)
        early = {moment.replace(second=0, microsecond=0) for moment in moments if moment}
        early = [moment + timedelta(minutes=1) for moment in early if moment < soon]
        if early:
            # sudo: whoever makes the promise
            cron = self.env.ref("order_process_control.ir_cron_order_deadline_scan", False)
            if cron:
                cron.sudo()._trigger(sorted(early))


# How often the scheduled action comes by: see its data
SCAN_MINUTES = 5
