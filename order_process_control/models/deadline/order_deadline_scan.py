import logging
from datetime import timedelta

from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.tools import SQL, mute_logger
from odoo.tools.misc import format_datetime, get_lang

from ..order.isolation import isolate
from ..order.kept_rows import insert_rows, update_rows
from .order_deadline_start import SCAN_MINUTES

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500
# Minutes until a row that raised is tried again: doubled each time, up to a day
RETRY_MINUTES, RETRY_LIMIT = 5, 24 * 60
# How often a batch that another worker got ahead of is taken anew
COLLISIONS = 10


class OrderDeadline(models.Model):
    """The scheduled action: it looks at what is due, and at nothing else."""

    _inherit = "order.deadline"

    @api.model
    def _cron_scan(self, limit=BATCH_SIZE):
        """Raise the alerts of all promises whose next level is due.

        Each batch is one transaction: its state, alerts, notices and activities are committed
        together, so that a crash repeats and loses nothing. Several workers share what is due.

        :param int limit: how many promises are handled between two commits
        """
        # sudo: what is due does not depend on whom the scheduled action runs as
        engine = self.sudo()
        cron, collisions = self.env["ir.cron"], 0
        while True:
            try:
                with mute_logger("odoo.sql_db"):
                    done = engine._scan_batch(limit)
            except TransactionRollbackError:
                # Somebody decided, or another worker scanned, at this very moment
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                collisions += 1
                if collisions > COLLISIONS:
                    raise
                continue
            is_last = done < limit
            if is_last:
                self._call_scan_for(self._get_coming_moments())
            has_time = cron._commit_progress(done, remaining=0 if is_last else limit)
            if is_last or not has_time:
                break  # the scheduler calls again for the others
            self.env.invalidate_all()

    @api.model
    def _scan_batch(self, limit):
        """Handle up to ``limit`` due promises and return how many there were."""
        deadlines = self._take_due(limit)
        if deadlines:
            isolate(lambda due: due._raise_due(), deadlines, lambda one: one._put_back())
        return len(deadlines)

    @api.model
    def _take_due(self, limit):
        """Lock what is due and read it, passing over what somebody else holds."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM order_deadline WHERE next_alert_at <= %s
                 ORDER BY next_alert_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
                limit,
            )
        )
        return self.browse(id_ for (id_,) in rows)

    @api.model
    def _get_coming_moments(self):
        """Return the minutes before the next regular run in which something is due."""
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT date_trunc('minute', next_alert_at) FROM order_deadline
                    WHERE next_alert_at > %s AND next_alert_at <= %s""",
                now,
                now + timedelta(minutes=SCAN_MINUTES),
            )
        )
        return [moment for (moment,) in rows]

    def _put_back(self):
        """Try again later what has just raised."""
        _logger.exception("The alert of %s could not be raised", self)
        failures = self.failures + 1
        wait = min(RETRY_MINUTES * 2 ** min(failures - 1, 10), RETRY_LIMIT)
        again = fields.Datetime.now() + timedelta(minutes=wait)
        update_rows(self, [{"failures": failures, "next_alert_at": again}])

    # === RAISING ===#

    def _raise_due(self):
        """Raise the highest level that is due of each of these promises."""
        now = fields.Datetime.now()
        levels = [deadline._get_due_level(now) for deadline in self]
        causes = self._prepare_causes(levels)
        self.env["order.alert"]._raise(causes)
        events, vals_list = [], []
        for deadline, level in zip(self, levels, strict=True):
            missed = level >= 2
            if missed and deadline.state != "missed":
                events.append(deadline._prepare_event("miss", deadline.deadline))
            vals_list.append(
                {
                    "alert_level": level,
                    "state": "missed" if missed else deadline.state,
                    "next_alert_at": deadline._get_next_alert_at(deadline, level),
                    "failures": 0,
                }
            )
        update_rows(self, vals_list)
        insert_rows(self.env["order.deadline.event"], events)
        self._forget_statuses()

    def _get_due_level(self, now):
        """Return the highest level, 1 to 3, whose moment has come."""
        ladder = (self.warn_at, self.deadline, self.emergency_at)
        due = [level for level, at in enumerate(ladder, start=1) if at and at <= now]
        return max([self.alert_level, *due])

    def _prepare_causes(self, levels):
        """Return the causes of alerts of these promises, see ``order.alert._raise``."""
        infos, owners = self.env["order.deadline.policy"]._get_infos(), self._get_owner_ids()
        told = self.env["order.alert"]._get_people(
            [
                (d.company_id.id, owners[d.id], d.department_id.id, d._get_told(infos, level))
                for d, level in zip(self, levels, strict=True)
            ]
        )
        words = {company: self._get_company_words(company) for company in self.company_id}
        return [
            deadline._prepare_cause(
                infos.get(deadline.policy_id.id),
                level,
                people,
                deadline._get_figures(*words[deadline.company_id]),
            )
            for deadline, level, people in zip(self, levels, told, strict=True)
        ]

    def _get_owner_ids(self):
        """Return ``{id: ids of who has to keep the promise}``: as the record says, else the
        owner."""
        owners = {deadline.id: tuple(deadline.user_id._ids) for deadline in self}
        for name, deadlines in self.grouped("res_model").items():
            if name in self.env and hasattr(self.env[name], "_get_deadline_owners"):
                records = self.env[name].browse(deadline.res_id for deadline in deadlines)
                found = records._get_deadline_owners()
                for deadline in deadlines:
                    if found.get(deadline.res_id):
                        owners[deadline.id] = tuple(found[deadline.res_id].ids)
        return owners

    def _get_told(self, infos, level):
        """Return the roles that are told: those of every level that was passed since the last."""
        info = infos.get(self.policy_id.id)
        if not info:
            return ("owner", "department", "manager")
        levels = range(min(self.alert_level + 1, level), level + 1)
        return tuple(dict.fromkeys(role for one in levels for role in info.roles[str(one)]))

    def _prepare_cause(self, info, level, recipients, figures):
        return {
            "key": f"deadline:{self.id}",
            "name": self.name or self.clock,
            "level": str(level),
            "deadline_id": self.id,
            "res_model": self.res_model,
            "res_id": self.res_id,
            "order_id": self.order_id.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "user_id": self.user_id.id,
            "figures": figures,
            "recipients": recipients,
            "send_mail": bool(info and info.send_mail),
        }

    @api.model
    def _get_company_words(self, company):
        """Return (environment, time zone): how a company writes its moments."""
        lang = get_lang(self.env, company.partner_id.lang).code
        zone = company.resource_calendar_id.tz or company.partner_id.tz or "UTC"
        return self.with_context(lang=lang).env, zone

    def _get_figures(self, env, zone):
        """Return what was promised, in words that stay true."""
        return env._("due %s", format_datetime(env, self.deadline, zone, "short"))

    # === HEALTH ===#

    @api.model
    def _get_poisoned(self, company=None):
        """Return the open promises that the scheduled action could not handle."""
        domain = [("failures", ">", 0), ("next_alert_at", "!=", False)]
        if company:
            domain.append(("company_id", "=", company.id))
        # sudo: that an alert cannot be raised is for managers, whose promise it is or not
        return self.sudo().search(domain)
