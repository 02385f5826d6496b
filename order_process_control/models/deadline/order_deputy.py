from datetime import datetime, timedelta
from itertools import pairwise

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date


class OrderDeputy(models.Model):
    """Who stands in for whom, and when, so that no order waits for somebody on holiday.

    Being a deputy is a right: people give it away for themselves and never take it. Rooms that
    ask for signatures or send alerts call :meth:`_get_deputies`.
    """

    _name = "order.deputy"
    _description = "Absence with Deputy"
    _order = "date_from desc, id desc"
    _rec_names_search = ["user_id", "deputy_id"]

    user_id = fields.Many2one(
        "res.users",
        string="Absent Person",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), ('id', '!=', user_id)]",
        help="Is asked, and decides, in place of the absent person.",
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=fields.Date.context_today,
        help="Both days are included and are days where the absent person lives.",
    )
    date_to = fields.Date(string="Last Day", required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    can_edit = fields.Boolean(compute="_compute_can_edit")

    _dates_in_order = models.Constraint(
        "CHECK(date_from <= date_to)",
        "The absence ends before it begins: choose a last day that is not before the first day.",
    )
    _deputy_is_another = models.Constraint(
        "CHECK(user_id != deputy_id)",
        "Nobody stands in for themselves: choose somebody else as the deputy.",
    )
    _in_force_idx = models.Index("(company_id, date_to) WHERE active IS TRUE")

    @api.depends("user_id", "deputy_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for absence in self:
            absence.display_name = bool(absence._origin) and self.env._(
                "%(person)s, %(first)s to %(last)s: %(deputy)s",
                person=absence.user_id.name or "",
                first=format_date(self.env, absence.date_from),
                last=format_date(self.env, absence.date_to),
                deputy=absence.deputy_id.name or "",
            )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        """For the screen only: what is refused is decided by :meth:`_check_may_edit`."""
        is_manager = self._manages_absences()
        for absence in self:
            person = absence._origin.user_id
            absence.can_edit = is_manager or not person or person == self.env.user

    # === RULES ===#

    @api.constrains("user_id", "deputy_id", "company_id", "active")
    def _check_people(self):
        """Only somebody who works in the company can be replaced in it, or stand in.

        :raise ValidationError: names the person and the company
        """
        # sudo: the companies of a colleague are not readable for everybody
        for absence in self.sudo().filtered("active"):
            company = absence.company_id
            for user in absence.user_id | absence.deputy_id:
                if user.share or not user.active or company not in user.company_ids:
                    raise ValidationError(
                        self.env._(
                            "%(person)s does not work in %(company)s: choose an active internal"
                            " user of this company.",
                            person=user.name,
                            company=company.name,
                        )
                    )

    @api.constrains("user_id", "company_id", "date_from", "date_to", "active")
    def _check_overlap(self):
        """On each day a person has at most one deputy in a company.

        :raise ValidationError: names the absence that is there already
        """
        # sudo: two absences of one person meet whoever may read them
        absences = self.sudo().search(
            [
                ("user_id", "in", self.user_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("date_to", ">=", min(self.mapped("date_from"))),
            ],
            order="user_id, company_id, date_from, id",
        )
        for earlier, later in pairwise(absences):
            same = (earlier.user_id, earlier.company_id) == (later.user_id, later.company_id)
            if same and later.date_from <= earlier.date_to:
                other = later if earlier in self else earlier
                raise ValidationError(
                    self.env._(
                        "%(person)s is already entered as absent from %(first)s to %(last)s, with"
                        " %(deputy)s as the deputy. Change that absence, or choose other days.",
                        person=other.user_id.name,
                        first=format_date(self.env, other.date_from),
                        last=format_date(self.env, other.date_to),
                        deputy=other.deputy_id.name,
                    )
                )

    # === WHO MAY ENTER WHAT ===#

    @api.model
    def _manages_absences(self):
        return self.env.su or self.env.user.has_group("order_process_control.group_order_manager")

    def _check_may_edit(self):
        """Refuse to touch the absences of others. The record rules say the same of what is there
        before a call; here it is asked again for what the call makes of it.

        :raise AccessError: unless the user is the absent person, or a process manager
        """
        # sudo: this row may just have become somebody else's
        self._check_persons(self.sudo().user_id.ids)

    @api.model
    def _check_persons(self, user_ids):
        if set(user_ids) - {self.env.uid} and not self._manages_absences():
            raise AccessError(
                self.env._(
                    "You can enter absences for yourself only. Nobody becomes a deputy by their"
                    " own doing: ask the absent person or a process manager to enter it."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        # Before the record rules, which do not tell what to do instead
        default = self.env.context.get("default_user_id") or self.env.uid
        self._check_persons(vals.get("user_id", default) for vals in vals_list)
        absences = super().create(vals_list)
        absences._check_may_edit()
        self.env["order.deputy"]._on_changed()
        return absences

    def write(self, vals):
        self._check_may_edit()
        result = super().write(vals)
        self._check_may_edit()
        self.env["order.deputy"]._on_changed()
        return result

    def unlink(self):
        self._check_may_edit()
        result = super().unlink()
        self.env["order.deputy"]._on_changed()
        return result

    # === FOLLOWING THE ABSENCES ===#

    @api.model
    def _on_changed(self):
        """Called after absences were entered, changed or deleted, and when one begins or ends.

        Rooms that have asked somebody something call super and ask those who stand in now.
        """

    @api.model
    def _cron_follow(self):
        """Call :meth:`_on_changed` around the days on which an absence begins or ends.

        Nobody writes anything then; the midnights of all time zones lie within these days.
        """
        today = fields.Date.today()
        near = [today + timedelta(days=days) for days in (-2, -1, 0, 1)]
        turning = Domain("date_from", "in", near) | Domain("date_to", "in", near)
        if self.search_count(turning, limit=1):
            self._on_changed()

    # === WHO STANDS IN ===#

    @api.model
    def _get_deputies(self, users, company, day=None):
        """Return who stands in for each of ``users``, in one query however many they are.

        :param users: res.users
        :param company: the res.company in which something has to be done
        :param date day: the day in question; without it today, where each absent person lives
        :return: ``{user: users}`` with a key for each of ``users``. Empty for who is present,
            and for who is absent and left nobody: the deputy has left, is absent without a
            deputy within reach, or the deputies point to each other in a circle. A deputy who
            is absent is replaced by their own deputy; nobody stands in for themselves.
        """
        deputies = self._get_direct_deputies(company, day)
        return {user: self._get_present_deputies(user, deputies) for user in users}

    @api.model
    def _get_direct_deputies(self, company, day=None):
        """Return ``{absent user: able deputies}`` of everybody who is absent from ``company``.

        Who is absent is a key also when the deputy has left or works elsewhere.
        """
        # sudo: who may sign does not depend on who asks. Nothing but people, their time zone
        # and the days is read, and only people are handed out.
        groups = (
            self.sudo()
            .with_context(active_test=True)
            ._read_group(
                self._get_in_force_domain(company, day),
                [
                    "user_id",
                    "user_id.tz",
                    "date_from:day",
                    "date_to:day",
                    "deputy_id",
                    "deputy_id.active",
                    "deputy_id.share",
                    "deputy_id.company_ids",
                ],
            )
        )
        deputies = {}
        for user, tz, first, last, deputy, is_active, is_share, deputy_company in groups:
            if not first <= (day or self._get_today(tz)) <= last:
                continue
            able = deputies.setdefault(user.sudo(False), self.env["res.users"])
            if is_active and not is_share and deputy_company == company:
                deputies[user.sudo(False)] = able | deputy.sudo(False)
        return deputies

    @api.model
    def _get_in_force_domain(self, company, day=None):
        """Without ``day`` a day more on either side: it may be tomorrow where somebody lives."""
        margin = timedelta(days=0 if day else 1)
        day = day or fields.Date.today()
        return (
            Domain("active", "=", True)
            & Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", day + margin)
            & Domain("date_to", ">=", day - margin)
            # A leaver's right to sign ends, and with it what was lent of it
            & Domain("user_id.active", "=", True)
            & Domain("user_id.share", "=", False)
            & Domain("user_id.company_ids", "in", company.ids)
        )

    @api.model
    def _get_today(self, tz):
        return datetime.now(pytz.timezone(tz or "UTC")).date()

    @api.model
    def _get_present_deputies(self, user, deputies):
        """Walk from deputy to deputy until somebody is present; each person is passed once."""
        present, passed, absent = self.env["res.users"], {user}, [user]
        while absent:
            for deputy in deputies.get(absent.pop(), ()):
                if deputy in passed:
                    continue
                passed.add(deputy)
                if deputy in deputies:
                    absent.append(deputy)
                else:
                    present |= deputy
        return present
