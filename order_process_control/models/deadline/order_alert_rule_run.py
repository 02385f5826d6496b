import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.kept_rows import update_rows

_logger = logging.getLogger(__name__)

# A rule that was checked within these minutes is not due: another worker has just done it, or this
# one, and its time was over.
PAUSE_MINUTES = 5
# Names that "Try It" lists
SAMPLE = 10


class OrderAlertRule(models.Model):
    """Checking the rules: each for itself, so that a broken one holds back nobody."""

    _inherit = "order.alert.rule"

    # === SCHEDULED ===#

    @api.model
    def _cron_check(self):
        """Check every rule that is due, one after the other, each kept as soon as it is done."""
        cron = self.env["ir.cron"]
        due_before = fields.Datetime.now() - timedelta(minutes=PAUSE_MINUTES)
        domain = [
            ("active", "=", True),
            "|",
            ("last_run", "=", False),
            ("last_run", "<", due_before),
        ]
        # sudo: what is watched does not depend on whom the scheduled action runs as
        rules = self.sudo().search(domain, order="last_run ASC NULLS FIRST, id")
        cron._commit_progress(remaining=len(rules))
        for rule in rules:
            rule._check_due(domain)
            if not cron._commit_progress(1):
                break

    def _check_due(self, domain):
        """Check this rule unless another worker does so, or has just done it."""
        try:
            with self.env.cr.savepoint():
                # Read anew with the lock: it may have been checked, changed or deleted meanwhile
                self.invalidate_recordset()
                rule = self.try_lock_for_update().filtered_domain(domain)
        except OperationalError:
            # Written by another worker since this one looked: it is done
            return
        if rule:
            rule._check_isolated()

    def _check_isolated(self):
        """Check this rule; whatever it runs into is noted on it and ends there."""
        try:
            with self.env.cr.savepoint():
                self._check()
        except Exception as error:
            _logger.exception("Alert rule %s (%s) failed", self.id, self.indicator)
            self._note_failure(error)

    def _note_failure(self, error):
        text = str(error).strip().split("\n")[0] or type(error).__name__
        self.write(
            {
                "last_run": fields.Datetime.now(),
                "failures": self.failures + 1,
                "error": text[:200],
            }
        )

    def _check(self):
        """Raise alerts for what is found, let the others climb, and end those whose cause is
        gone."""
        causes = self._find()
        states = self._get_states()
        found = {cause["key"] for cause in causes}
        wanted = [c for c in causes if not self._is_settled(states.get(c["key"]))]
        self._set_levels(wanted, states)
        self._set_recipients(wanted)
        alerts = self.env["order.alert"]
        alerts._raise(wanted)
        self._refresh_figures(causes, states)
        alerts._clear([key for key in self._get_open_keys(states) if key not in found])
        self._forget_settled(states, found)
        self.write(
            {
                "last_run": fields.Datetime.now(),
                "failures": 0,
                "error": False,
                "found_count": len(causes),
                "is_cut": len(causes) >= self._get_most(),
            }
        )

    def _find(self):
        """Return the causes that the indicator finds, in the language of the company."""
        language = (self.company_id or self.env.company).partner_id.lang or self.env.user.lang
        rule = self.with_context(lang=language)
        return getattr(rule, f"_find_{rule.indicator}")()

    # === WHAT IS KNOWN ALREADY ===#

    def _get_states(self):
        """Return ``{key: alert}`` of what is open, and of what was resolved by hand while its
        cause lasts: that is not raised again before it was gone."""
        alerts = self._get_known_alerts(["key", "state", "raised_at", "figures"])
        return {alert.key: alert for alert in alerts}

    def _get_known_ids(self):
        """Return the documents of the same alerts."""
        return self._get_known_alerts(["res_id"]).mapped("res_id")

    def _get_known_alerts(self, names):
        # sudo: what is reported does not depend on who asks
        return (
            self.env["order.alert"]
            .sudo()
            .search_fetch(
                [
                    ("rule_id", "=", self._origin.id),
                    "|",
                    ("state", "!=", "resolved"),
                    ("is_settled", "=", True),
                ],
                names,
                order="id",
            )
        )

    @api.model
    def _is_settled(self, alert):
        return bool(alert) and alert.state == "resolved"

    @api.model
    def _get_open_keys(self, states):
        return [key for key, alert in states.items() if alert.state != "resolved"]

    @api.model
    def _refresh_figures(self, causes, states):
        """An open alert tells how it stands now."""
        changed = [
            (states[cause["key"]], cause["figures"])
            for cause in causes
            if cause["key"] in states and states[cause["key"]].figures != cause["figures"]
        ]
        changed = [(alert, figures) for alert, figures in changed if alert.state != "resolved"]
        # sudo: nobody has write access to alerts
        alerts = self.env["order.alert"].sudo().concat(*(alert for alert, _figures in changed))
        update_rows(alerts, [{"figures": figures} for _alert, figures in changed])

    def _forget_settled(self, states, found):
        """What was resolved by hand and is gone is raised anew when it comes back."""
        # sudo: nobody has write access to alerts
        gone = self.env["order.alert"].sudo()
        for key, alert in states.items():
            if self._is_settled(alert) and key not in found:
                gone |= alert
        if gone:
            gone.write({"is_settled": False})

    def _clear_all(self):
        """End the alerts of rules that watch no more."""
        if self:
            # sudo: who may change a rule need not be able to read its alerts
            alerts = self.env["order.alert"].sudo()
            domain = [("rule_id", "in", self.ids), ("state", "!=", "resolved")]
            alerts._clear(alerts.search(domain).mapped("key"))

    # === HOW BAD, AND WHO IS TOLD ===#

    def _set_levels(self, causes, states):
        """Give each cause its level: the rule's, or higher the longer its alert is open.

        Acknowledging does not stop it: only resolving does.
        """
        now = self._now()
        for cause in causes:
            alert = states.get(cause["key"])
            hours = (now - alert.raised_at).total_seconds() / 3600 if alert else 0
            cause["level"] = self._get_level(hours)

    def _get_level(self, hours):
        """Return the level of an alert that is open for so many hours."""
        level = self.level
        if self.important_after and hours >= self.important_after:
            level = max(level, "2")
        if self.emergency_after and hours >= self.emergency_after:
            level = max(level, "3")
        return level

    def _set_recipients(self, causes):
        """Give each cause its department and who is told at its level, in a constant number of
        queries."""
        departments = self._get_owner_departments(causes)
        told, designated, wanted = self._get_told_roles(), self.user_ids._ids, []
        for cause in causes:
            company_id, user_id = cause["company_id"], cause["user_id"]
            department_id = self._get_department_in_charge(company_id) or (
                departments.get((user_id, company_id))
            )
            cause.update(department_id=department_id, send_mail=self.send_mail)
            roles = told[cause["level"]]
            # The designated are told as owners are: who is absent is replaced
            people = (*designated, *((user_id,) if user_id and "owner" in roles else ()))
            roles = (*(role for role in roles if role != "owner"), *(["owner"] if people else []))
            wanted.append((company_id, people, department_id, roles))
        recipients = self.env["order.alert"]._get_people(wanted)
        for cause, user_ids in zip(causes, recipients, strict=True):
            cause["recipients"] = user_ids

    def _get_department_in_charge(self, company_id):
        """Return the rule's department, unless it is of another company."""
        # sudo: of which company a department is, is no secret
        department = self.sudo().department_id
        return department.company_id.id in (False, company_id) and department.id

    def _get_owner_departments(self, causes):
        """Return ``{(user id, company id): department id}`` of the owners."""
        # sudo: employees are for HR alone; nothing but the department is taken from them
        groups = (
            self.env["hr.employee"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", list({cause["user_id"] for cause in causes})),
                    ("department_id", "!=", False),
                ],
                ["user_id", "company_id"],
                ["department_id:min"],
            )
        )
        return {(user.id, company.id): department for user, company, department in groups}

    # === TRYING ===#

    def action_try(self):
        """Say how many alerts the rule would raise now, and which; nothing is written.

        :return: the action that shows a notice
        :raise AccessError: for whoever may not change rules
        :raise UserError: when the rule fails, with what it ran into
        """
        self.ensure_one()
        self.check_access("write")
        try:
            with self.env.cr.savepoint():
                causes = self._find()
        except Exception as error:
            raise UserError(self.env._("The rule fails: %s", str(error).split("\n")[0])) from error
        known = self._get_states()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self._say_found(causes, known),
                "message": self._say_sample(causes),
                "type": "warning" if causes else "success",
                "sticky": bool(causes),
            },
        }

    def _say_found(self, causes, known):
        new = sum(cause["key"] not in known for cause in causes)
        if not causes:
            return self.env._("Nothing found: no alert")
        if len(causes) >= self._get_most():
            return self.env._("%s or more found: choose another limit", len(causes))
        return self.env._(
            "%(count)s found, %(new)s alert(s) would be raised now", count=len(causes), new=new
        )

    def _say_sample(self, causes):
        # No figures: who tries a rule need not be able to read the documents
        names = [cause["document"] for cause in causes[:SAMPLE]]
        if len(causes) > SAMPLE:
            names.append(self.env._("and %s more", len(causes) - SAMPLE))
        return ", ".join(names)
