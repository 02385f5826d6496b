import logging
from collections import defaultdict
from datetime import datetime

import pytz
from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, split_every
from odoo.tools.misc import babel_locale_parse, format_amount, format_date, get_lang

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50  # people mailed between two commits
LINE_LIMIT = 50  # sign-offs listed in one mail; the others are counted


class OrderSignoff(models.Model):
    _inherit = "order.signoff"

    def _get_waiting_words(self):
        """Return for how long the department has been asked, in words ("2 days"), in the
        language of the environment."""
        self.ensure_one()
        waiting = fields.Datetime.now() - (self.pending_since or fields.Datetime.now())
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_timedelta(waiting, locale=locale)


class OrderSignoffDigest(models.Model):
    """When a person last got the daily mail with the sign-offs that are theirs to give.

    One mail a person instead of one a sign-off: a bell for each is in the activities already.
    A row is written together with the mail, so that a crash in between repeats or loses nothing.
    """

    _name = "order.signoff.digest"
    _description = "Daily Mail of Sign-offs"
    _rec_name = "user_id"
    _order = "sent_on desc, id desc"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    sent_on = fields.Date(
        string="Last Day", required=True, readonly=True, help="As a day where the person lives."
    )
    problem = fields.Char(readonly=True, help="Why there was no mail on this day.")

    _user_uniq = models.UniqueIndex("(user_id)", "This person has a row already.")

    # === THE SCHEDULED ACTION ===#

    @api.model
    def _cron_send(self, limit=BATCH_SIZE):
        """Mail everybody who can sign something now the list of it, once a day.

        :param int limit: how many people are mailed between two commits
        """
        signoffs_by_user = self._get_due()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(signoffs_by_user))
        for users in split_every(limit, signoffs_by_user):
            self._send({user: signoffs_by_user[user] for user in users})
            if not cron._commit_progress(len(users)):
                break  # time is up; the scheduler calls again for the others

    @api.model
    def _get_due(self):
        """Return ``{user: sign-offs}`` of those who have something to sign and no mail today."""
        # sudo: the list is made for everybody; each person gets only what is theirs to sign
        signoffs = (
            self.env["order.signoff"]
            .sudo()
            .search(self._get_open_domain(), order="priority desc, ordered_at, id")
        )
        candidates = signoffs._get_candidates()
        ids_by_user = defaultdict(list)
        for signoff in signoffs:
            for user in candidates[signoff.id].sudo():
                if signoff.company_id in user.company_ids:
                    ids_by_user[user].append(signoff.id)
        # sudo: nobody has access to these rows but to read them
        done = self.sudo().search([("user_id", "in", [user.id for user in ids_by_user])])
        last_days = {digest.user_id: digest.sent_on for digest in done}
        return {
            user: signoffs.browse(ids)
            for user, ids in ids_by_user.items()
            if user not in last_days or last_days[user] < self._get_today(user)
        }

    @api.model
    def _get_open_domain(self):
        return Domain("state", "=", "pending") & Domain("company_id.order_digest_mail", "=", True)

    @api.model
    def _get_today(self, user):
        return datetime.now(pytz.timezone(user.tz or "UTC")).date()

    @api.model
    def _send(self, signoffs_by_user):
        """Mail a batch of people. If that fails, mail them one by one: who cannot be mailed is
        logged, is not tried again today and stops nobody else."""
        try:
            with self.env.cr.savepoint():
                self._create_mails(signoffs_by_user)
        except Exception as error:
            if len(signoffs_by_user) > 1:
                for user, signoffs in signoffs_by_user.items():
                    self._send({user: signoffs})
                return
            (user,) = signoffs_by_user
            _logger.exception("The daily mail of sign-offs to %s failed", user.login)
            self._remember(user, str(error) or type(error).__name__)

    @api.model
    def _create_mails(self, signoffs_by_user):
        """Queue the mails; Odoo's own queue sends them."""
        users = self.env["res.users"].sudo().concat(*signoffs_by_user)
        reachable = users.filtered(lambda user: email_normalize(user.email))
        # sudo: the scheduled action may run as anybody; mails are for the superuser only
        self.env["mail.mail"].sudo().create(
            [self._prepare_mail_vals(user, signoffs_by_user[user]) for user in reachable]
        )
        self._remember(reachable)
        unreachable = users - reachable
        if unreachable:
            _logger.warning(
                "No valid e-mail address, hence no mail of open sign-offs: %s",
                ", ".join(unreachable.mapped("login")),
            )
            self._remember(unreachable, self.env._("No valid e-mail address."))

    @api.model
    def _remember(self, users, problem=False):
        # sudo: nobody has write access
        digests = self.sudo().search([("user_id", "in", users.ids)])
        for day, day_users in users.grouped(self._get_today).items():
            known = digests.filtered(lambda digest, people=day_users: digest.user_id in people)
            known.write({"sent_on": day, "problem": problem})
            digests.create(
                [
                    {"user_id": user.id, "sent_on": day, "problem": problem}
                    for user in day_users - known.user_id
                ]
            )

    # === THE MAIL ===#

    @api.model
    def _prepare_mail_vals(self, user, signoffs):
        """Return the values of the mail to ``user`` (as superuser), in their own language and
        time zone. Answers, evidence and comments stay out: mail is not confidential."""
        reader = self.with_context(lang=get_lang(self.env, user.lang).code, tz=user.tz or "UTC")
        email_from = self._get_sender(user)
        return {
            "subject": reader._get_subject(signoffs),
            "body_html": reader._render_mail(user, signoffs),
            "author_id": self.env.user.partner_id.id,
            "email_from": email_from,
            "reply_to": email_from,
            "email_to": user.email_formatted,
            # No "out of office" answers from where the mail is read
            "headers": repr(
                {"X-Auto-Response-Suppress": "OOF", "Auto-Submitted": "auto-generated"}
            ),
            "auto_delete": True,
            "state": "outgoing",
        }

    @api.model
    def _get_sender(self, user):
        return user.company_id.email_formatted or self.env.user.email_formatted

    def _get_subject(self, signoffs):
        if len(signoffs) == 1:
            return self.env._("%s waits for your sign-off", signoffs.order_id.name)
        return self.env._("%s orders wait for your sign-off", len(signoffs))

    def _render_mail(self, user, signoffs):
        base_url = self.get_base_url()
        body = self.env["ir.qweb"]._render(
            "order_process_control.order_signoff_digest_body",
            {
                "user": user,
                "lines": [
                    self._prepare_line(signoff, base_url) for signoff in signoffs[:LINE_LIMIT]
                ],
                "more": max(len(signoffs) - LINE_LIMIT, 0),
                "show_company": len(signoffs.company_id) > 1,
            },
            minimal_qcontext=True,
        )
        return self.env["mail.render.mixin"]._render_encapsulate(
            "mail.mail_notification_layout",
            body,
            add_context={
                "company": user.company_id,
                "subtitles": [self._get_subject(signoffs)],
                "has_button_access": True,
                "button_access": {
                    "title": self.env._("My Sign-offs"),
                    "url": f"{base_url}/odoo/my-signoffs",
                },
                "email_notification_force_header": True,
                "email_notification_force_footer": True,
            },
        )

    def _prepare_line(self, signoff, base_url):
        """Return what the mail says of one sign-off, ready to print."""
        order = signoff.order_id
        promised = order.commitment_date
        return {
            "order": order.name or signoff.display_name,
            "customer": order.partner_id.name or order.partner_id.commercial_company_name or "",
            "amount": format_amount(self.env, order.amount_total, order.currency_id),
            "promised": format_date(self.env, promised) if promised else self.env._("no date"),
            "department": signoff.name,
            "waiting": signoff.with_env(self.env)._get_waiting_words(),
            "company": signoff.company_id.name,
            # Odoo's own redirection: it also switches to the company of the sign-off
            "url": f"{base_url}/mail/view?model={signoff._name}&res_id={signoff.id}",
        }
