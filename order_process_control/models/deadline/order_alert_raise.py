from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from ..order import activities
from ..order.kept_rows import get_insert_query


class OrderAlert(models.Model):
    """How alerts come, climb and go: a constant number of statements for any number of them."""

    _inherit = "order.alert"

    @api.model
    def _raise(self, causes):
        """Create the alerts of these causes, or let them climb; a level never falls.

        Each person is told once of an alert and level, however often and by however many workers
        this is called; who has acknowledged it is not told again.

        :param list causes: dicts with ``key``, ``name``, ``level``, ``company_id``, ``recipients``
            (user ids), and optionally ``res_model``, ``res_id``, ``order_id``, ``department_id``,
            ``user_id``, ``deadline_id``, ``rule_id``, ``figures``, ``send_mail``
        :return: the alerts that are new or have climbed, as superuser
        """
        causes = self._merge_causes(causes)
        if not causes:
            return self.sudo().browse()
        # sudo: nobody writes alerts but the process, whoever causes them
        raised = self.sudo()._insert_alerts(causes)
        told = self.sudo()._insert_notices(raised, causes)
        self.sudo()._tell(told, causes)
        return self.sudo().browse(raised)

    @api.model
    def _merge_causes(self, causes):
        """Return ``{key: cause}``, of several for one key the highest level."""
        merged = {}
        for cause in causes:
            known = merged.get(cause["key"])
            if not known or known["level"] < cause["level"]:
                merged[cause["key"]] = cause
        return merged

    @api.model
    def _insert_alerts(self, causes):
        """Insert or raise the alerts of causes; return ``{alert id: key}`` of what has changed."""
        now = fields.Datetime.now()
        names = [
            *("key", "name", "level", "res_model", "res_id", "order_id", "company_id"),
            *("department_id", "user_id", "deadline_id", "rule_id", "figures"),
        ]
        names = [name for name in names if name in self._fields]
        columns = [self._fields[name] for name in (*names, "state", "raised_at")]
        rows = [
            {**{name: cause.get(name) or False for name in names}, "state": "new", "raised_at": now}
            for cause in causes.values()
        ]
        query = get_insert_query(self, columns, rows, conflict=_CLIMB, returning=("id", "key"))
        raised = dict(self.env.execute_query(query))
        self.browse(raised).invalidate_recordset(flush=False)
        return raised

    @api.model
    def _insert_notices(self, raised, causes):
        """Write down who is told now; return [(notice id, alert id, user id)] of what is new."""
        notices, now = self.env["order.alert.notice"], fields.Datetime.now()
        silent = self._get_acknowledged(raised)
        rows = [
            {
                "alert_id": alert_id,
                "deadline_id": causes[key].get("deadline_id") or False,
                "level": causes[key]["level"],
                "user_id": user_id,
                "at": now,
                "mail_state": "none",
            }
            for alert_id, key in raised.items()
            for user_id in dict.fromkeys(causes[key].get("recipients") or ())
            if (alert_id, user_id) not in silent
        ]
        if not rows:
            return []
        columns = [notices._fields[name] for name in rows[0]]
        query = get_insert_query(
            notices,
            columns,
            rows,
            conflict=SQL("ON CONFLICT DO NOTHING"),
            returning=("id", "alert_id", "user_id"),
        )
        told = self.env.execute_query(query)
        self.browse(raised).invalidate_recordset(["notice_ids"], flush=False)
        return told

    @api.model
    def _get_acknowledged(self, alert_ids):
        """Return {(alert id, user id)} of who needs no reminder."""
        if not alert_ids:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT alert_id, user_id FROM order_alert_notice"
                " WHERE acknowledged_at IS NOT NULL AND alert_id IN %s",
                tuple(alert_ids),
            )
        )
        return set(rows)

    @api.model
    def _tell(self, told, causes):
        """Put a task on the list of everybody who was told just now, instead of the one of a lower
        level, and queue the mails that were asked for."""
        if not told:
            return
        pairs = [(alert_id, user_id) for _id, alert_id, user_id in told]
        alerts = self.browse(dict.fromkeys(alert_id for alert_id, _user_id in pairs))
        by_id = dict(zip(alerts._ids, alerts, strict=True))
        # sudo: the language of each person
        users = self.env["res.users"].sudo().browse(dict.fromkeys(pair[1] for pair in pairs))
        activities.archive(
            self.env,
            alerts,
            [
                SQL("res_model = %s", self._name),
                SQL(
                    "(res_id, user_id) IN (VALUES %s)", SQL(", ").join(SQL("%s", p) for p in pairs)
                ),
            ],
        )
        readers = {user.id: get_lang(self.env, user.lang).code for user in users}
        activities.schedule(
            self.env,
            [
                {
                    "record": by_id[alert_id],
                    "kind": "alert",
                    "summary": by_id[alert_id]._get_summary(readers[user_id]),
                    "user_id": user_id,
                }
                for alert_id, user_id in pairs
            ],
        )
        self._queue_mails([row for row in told if causes[by_id[row[1]].key].get("send_mail")])

    def _get_summary(self, lang):
        """Return what the list of a person says, in their language."""
        names = self.with_context(lang=lang)._get_level_names()
        return f"{names[self.level]}: {self.name}"

    @api.model
    def _get_level_names(self):
        """Return ``{level: name}`` in the language of the environment."""
        return {
            "1": self.env._("General alert"),
            "2": self.env._("Important alert"),
            "3": self.env._("Emergency alert"),
        }

    @api.model
    def _clear(self, keys):
        """Resolve the open alerts of these causes: what they were raised for is gone."""
        if not keys:
            return self.sudo().browse()
        # sudo: a cause is gone whoever ends it, and nobody has write access to alerts
        alerts = self.sudo().search([("key", "in", list(keys)), ("state", "!=", "resolved")])
        alerts._close({"is_auto_resolved": True})
        return alerts


# An alert climbs and becomes new again for those who are told then; it never falls
_CLIMB = SQL(
    """ON CONFLICT (key) WHERE state <> 'resolved' DO UPDATE
              SET level = EXCLUDED.level, figures = EXCLUDED.figures, state = 'new',
                  write_date = EXCLUDED.write_date
            WHERE kept.level < EXCLUDED.level"""
)
