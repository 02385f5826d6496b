import logging
from collections import defaultdict

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.misc import get_lang

from ..order.kept_rows import update_rows

_logger = logging.getLogger(__name__)

# Alerts listed in one mail; the others are counted
LINE_LIMIT = 50


class OrderAlert(models.Model):
    """The e-mail beside the activity: one a person, however many alerts were raised at once."""

    _inherit = "order.alert"

    @api.model
    def _queue_mails(self, told):
        """Queue one mail for each person; Odoo's own queue sends them.

        :param list told: (notice id, alert id, user id) of those who are mailed
        """
        if not told:
            return
        by_user = defaultdict(list)
        for notice_id, alert_id, user_id in told:
            by_user[user_id].append((notice_id, alert_id))
        # sudo: the scheduled action may run as anybody; mails are for the superuser only
        users = self.env["res.users"].sudo().browse(by_user)
        reachable = users.filtered(lambda user: email_normalize(user.email))
        self.env["mail.mail"].sudo().create(
            [
                self._prepare_mail_vals(user, self.browse(row[1] for row in by_user[user.id]))
                for user in reachable
            ]
        )
        if users - reachable:
            _logger.warning(
                "No valid e-mail address, hence no mail of alerts: %s",
                ", ".join((users - reachable).mapped("login")),
            )
        rows = [(row[0], user in reachable) for user in users for row in by_user[user.id]]
        update_rows(
            self.env["order.alert.notice"].browse(row[0] for row in rows),
            [{"mail_state": "queued" if queued else "failed"} for _id, queued in rows],
        )

    @api.model
    def _prepare_mail_vals(self, user, alerts):
        """Return the values of the mail to ``user``, in their language and time zone. It names
        what is wrong and leads there; more is for who may read it."""
        reader = self.with_context(lang=get_lang(self.env, user.lang).code, tz=user.tz or "UTC")
        alerts = alerts.with_env(reader.env).sorted("level", reverse=True)
        sender = user.company_id.email_formatted or self.env.user.email_formatted
        return {
            "subject": reader._get_mail_subject(alerts),
            "body_html": reader._render_mail(user, alerts),
            "author_id": self.env.user.partner_id.id,
            "email_from": sender,
            "reply_to": sender,
            "email_to": user.email_formatted,
            # No "out of office" answers from where the mail is read
            "headers": repr(
                {"X-Auto-Response-Suppress": "OOF", "Auto-Submitted": "auto-generated"}
            ),
            "auto_delete": True,
            "state": "outgoing",
        }

    @api.model
    def _get_mail_subject(self, alerts):
        if len(alerts) == 1:
            return alerts._get_summary(self.env.lang)
        return self.env._("%s alerts need you", len(alerts))

    @api.model
    def _render_mail(self, user, alerts):
        base_url, names = self.get_base_url(), self._get_level_names()
        body = self.env["ir.qweb"]._render(
            "order_process_control.order_alert_mail_body",
            {
                "user": user,
                "lines": [
                    {
                        "name": alert.name,
                        "level": names[alert.level],
                        "figures": alert.figures or "",
                        # Odoo's own redirection: it also switches to the company of the alert
                        "url": f"{base_url}/mail/view?model={alert._name}&res_id={alert.id}",
                    }
                    for alert in alerts[:LINE_LIMIT]
                ],
                "more": max(len(alerts) - LINE_LIMIT, 0),
            },
            minimal_qcontext=True,
        )
        return self.env["mail.render.mixin"]._render_encapsulate(
            "mail.mail_notification_layout",
            body,
            add_context={
                "company": user.company_id,
                "subtitles": [self._get_mail_subject(alerts)],
                "email_notification_force_header": True,
                "email_notification_force_footer": True,
            },
        )
