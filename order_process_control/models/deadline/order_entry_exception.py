from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..order import activities
from ..order.visible_text import says_something

# What the request says; everything else is written by the methods
ASKED_FIELDS = ("date", "cut_off", "reason", "company_id")


class OrderEntryException(models.Model):
    """Another daily cut-off for entering orders on one day (R-032).

    The deputy sales director and the business-unit manager agree to it in writing: two people, and
    neither is who asks for it. Then Finance is told. Nobody writes these rows: what was agreed to
    stays what it was.
    """

    _name = "order.entry.exception"
    _description = "Exception to the Daily Cut-off"
    _inherit = ["mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(
        required=True, index=True, help="The day whose orders may be entered until another time."
    )
    cut_off = fields.Float(
        string="New Cut-off",
        required=True,
        default=23.0,
        help="Time in the zone of the company's calendar; 25:30 is half past one of the next day.",
    )
    reason = fields.Text(required=True, help="Such as a big promotion, and too few people for it.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="requested",
        index=True,
    )
    requested_by = fields.Many2one(
        "res.users",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
    )
    director_id = fields.Many2one(
        "res.users", string="Agreed: Deputy Sales Director", readonly=True, copy=False
    )
    director_at = fields.Datetime(string="On", readonly=True, copy=False)
    unit_manager_id = fields.Many2one(
        "res.users", string="Agreed: Business-Unit Manager", readonly=True, copy=False
    )
    unit_manager_at = fields.Datetime(string="At", readonly=True, copy=False)
    closed_by = fields.Many2one("res.users", string="Ended by", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Ended On", readonly=True, copy=False)
    refusal_reason = fields.Text(string="Why Not", readonly=True, copy=False)
    told_ids = fields.Many2many(
        "res.users", string="Finance Told", readonly=True, copy=False, help="Filed with Finance."
    )
    can_approve = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    waiting_for = fields.Char(compute="_compute_waiting_for")

    _approved_uniq = models.UniqueIndex(
        "(company_id, date) WHERE state = 'approved'",
        "There is an approved exception for this day already.",
    )
    _two_people = models.Constraint(
        "CHECK(state != 'approved' OR director_id IS NOT NULL AND unit_manager_id IS NOT NULL"
        " AND director_id != unit_manager_id AND requested_by != director_id"
        " AND requested_by != unit_manager_id)",
        "Two people agree to an exception, and neither is who asked for it.",
    )

    @api.depends("date", "cut_off")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for exception in self:
            exception.display_name = (
                f"{format_date(self.env, exception.date)}, {exception._get_time_text()}"
                if exception.date
                else self.env._("New Exception")
            )

    @api.depends("state", "requested_by", "director_id", "unit_manager_id")
    @api.depends_context("uid")
    def _compute_can(self):
        """For the screen only: the methods ask again."""
        for exception in self:
            is_open = bool(exception._origin) and exception.state == "requested"
            exception.can_approve = is_open and bool(exception._get_open_role(self.env.user))
            exception.can_withdraw = is_open and exception.requested_by == self.env.user

    @api.depends("state", "requested_by", "director_id", "unit_manager_id")
    def _compute_waiting_for(self):
        for exception in self:
            people = exception._get_approvers() if exception.state == "requested" else ()
            # sudo: the names of colleagues
            exception.waiting_for = people and ", ".join(people.sudo().mapped("name"))

    def _get_time_text(self):
        """Say the new cut-off: "23:30", "01:00 of the next day"."""
        hours, minutes = divmod(round(self.cut_off * 60), 60)
        text = f"{hours % 24:02}:{minutes:02}"
        return self.env._("%s of the next day", text) if hours >= 24 else text

    # === REQUEST ===#

    @api.model_create_multi
    def create(self, vals_list):
        names = set(self._fields) - set(ASKED_FIELDS)
        stamped = [
            {
                **{name: value for name, value in vals.items() if name not in names},
                # Explicit: defaults of the client's own shall not take their place
                **self._prepare_request_vals(),
            }
            for vals in vals_list
        ]
        exceptions = super().create(stamped)
        for exception in exceptions:
            exception._check_not_over()
            exception._tell(
                "entry_exception",
                exception._get_approvers(),
                self.env._("Agree to another cut-off: %s", exception.display_name),
            )
        return exceptions

    def _prepare_request_vals(self):
        empty = dict.fromkeys(
            [
                "director_id",
                "director_at",
                "unit_manager_id",
                "unit_manager_at",
                "closed_by",
                "closed_at",
                "refusal_reason",
                "told_ids",
            ],
            False,
        )
        return {**empty, "state": "requested", "requested_by": self.env.uid}

    @api.constrains("cut_off", "reason")
    def _check_request(self):
        """:raise ValidationError: for a time outside of two days, or without a reason"""
        for exception in self:
            # Said this way round because nothing is true of what is not a number
            if not 0 < exception.cut_off <= 48:
                raise ValidationError(
                    self.env._(
                        "Enter the new cut-off as a time of the day; after midnight of the next day"
                        " it goes on with 24:00, 25:00 and so on."
                    )
                )
            if not says_something(exception.reason):
                raise ValidationError(self.env._("Say why another cut-off is needed."))

    def _check_not_over(self):
        """:raise UserError: when nothing can be changed any more about how the day went"""
        zone = pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")
        midnight = datetime.combine(self.date, datetime.min.time())
        end = zone.localize(midnight + timedelta(hours=self.cut_off)).astimezone(pytz.utc)
        if end.replace(tzinfo=None) <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%s is over: exceptions are agreed to beforehand, not afterwards.",
                    self.display_name,
                )
            )

    # === DECISION ===#

    def action_approve(self):
        """Agree, as the deputy sales director or as the business-unit manager.

        :return: True
        :raise AccessError: for whoever is neither, or asked for it, or has agreed already
        :raise UserError: when it is decided, or the time is over
        """
        for exception in self:
            exception._check_open()
            exception._check_not_over()
            role = exception._get_open_role(self.env.user)
            if not role:
                raise AccessError(exception._get_refusal())
            exception._approve(role)
        return True

    def _approve(self, role):
        vals = {f"{role}_id": self.env.uid, f"{role}_at": fields.Datetime.now()}
        self._write_row(vals)
        if self.director_id and self.unit_manager_id:
            self._check_alone()
            self._write_row({"state": "approved"})
            self._close_tasks()
            self._tell_finance()
        else:
            self._close_tasks(self.env.user)

    def action_refuse(self, reason=None):
        """Say no: for whoever could say yes.

        :param str reason: why not
        :return: True
        :raise AccessError: for whoever may not approve it
        :raise UserError: when it is decided
        """
        for exception in self:
            exception._check_open()
            if not exception._get_open_role(self.env.user):
                raise AccessError(exception._get_refusal())
            exception._close("refused", reason)
        return True

    def action_withdraw(self):
        """Take one's own request back.

        :return: True
        :raise AccessError: for others
        :raise UserError: when it is decided
        """
        for exception in self:
            exception._check_open()
            if exception.requested_by != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(person)s asked for it: only they take it back.",
                        person=exception.requested_by.name,
                    )
                )
            exception._close("withdrawn")
        return True

    def _close(self, state, reason=None):
        self._write_row(
            {
                "state": state,
                "closed_by": self.env.uid,
                "closed_at": fields.Datetime.now(),
                "refusal_reason": str(reason).strip() if reason else False,
            }
        )
        self._close_tasks()

    def _check_open(self):
        """:raise UserError: when somebody has decided before, or is doing so just now"""
        self.check_access("read")
        # sudo: nobody may write, not even lock; who may decide is asked afterwards
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "director_id", "unit_manager_id"])
        if self.state != "requested":
            raise UserError(self.env._("%s is decided already.", self.display_name))

    def _check_alone(self):
        domain = [
            ("company_id", "=", self.company_id.id),
            ("date", "=", self.date),
            ("state", "=", "approved"),
        ]
        if self.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "There is an approved exception for %s already.",
                    format_date(self.env, self.date),
                )
            )

    def _write_row(self, vals):
        # sudo: nobody has the right to write; the methods have asked who calls
        self.sudo().write(vals)

    # === WHO ===#

    def _get_open_role(self, user):
        """Return which of the two agreements this user can still give, or None.

        :return: ``director``, ``unit_manager`` or None
        """
        if user in (self.requested_by, self.director_id, self.unit_manager_id):
            return None
        for role in ("director", "unit_manager"):
            if not self[f"{role}_id"] and user in self._get_entitled(role):
                return role
        return None

    def _get_entitled(self, role):
        """Return who gives an agreement: who is named in the company's settings, and their
        deputy; with nobody named all sales managers, and all process managers."""
        # sudo: who may agree does not depend on who asks
        company = self.sudo().company_id
        named = company[f"order_{role}_id"].sudo(False)
        if named:
            return named | self.env["order.deputy"]._get_deputies(named, company)[named]
        group = {
            "director": "sales_team.group_sale_manager",
            "unit_manager": "order_process_control.group_order_manager",
        }[role]
        users = self.env.ref(group).sudo().all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).sudo(False)

    def _get_approvers(self):
        users = self._get_entitled("director") | self._get_entitled("unit_manager")
        return users.filtered(lambda user: self._get_open_role(user))

    def _get_refusal(self):
        if self.requested_by == self.env.user:
            return self.env._("You asked for it: two others agree to it.")
        if self.env.user in (self.director_id, self.unit_manager_id):
            return self.env._("You have agreed already: somebody else gives the other agreement.")
        return self.env._(
            "The deputy sales director and the business-unit manager agree to exceptions: %s.",
            ", ".join(self._get_approvers().sudo().mapped("name")) or self.env._("nobody is left"),
        )

    # === TELLING ===#

    def _tell_finance(self):
        """File the approved exception with Finance (R-032)."""
        users = self._get_finance_users()
        self._write_row({"told_ids": users.ids})
        self._tell(
            "entry_exception_filed",
            users,
            self.env._(
                "Orders of %(date)s may be entered until %(time)s",
                date=format_date(self.env, self.date),
                time=self._get_time_text(),
            ),
        )

    def _get_finance_users(self):
        """Return the manager of the Finance department, else its people, else the process
        manager."""
        # sudo: employees are for HR alone; only their users are handed out
        company = self.sudo().company_id
        department = company.order_finance_department_id
        users = (
            department.manager_id.user_id
            or department.member_ids.user_id
            or company.order_process_manager_id
        )
        return users.filtered("active").sudo(False)

    def _tell(self, kind, users, summary):
        activities.schedule(
            self.env,
            [
                {"record": self, "kind": kind, "summary": summary, "user_id": user.id}
                for user in users
            ],
        )

    def _close_tasks(self, users=None):
        """End the tasks of who was asked to agree: of ``users``, or of everybody."""
        activities.close(self, kinds=["entry_exception"], user_ids=users.ids if users else ())
