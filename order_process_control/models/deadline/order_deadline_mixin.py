import logging

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# From the worst to the best: a record is as its worst open promise
STATUSES = ("overdue", "due_soon", "on_time", "paused")


class OrderDeadlineMixin(models.AbstractModel):
    """What makes promises on time: inherit it, name a clock and add a policy; the engine needs
    nothing else."""

    _name = "order.deadline.mixin"
    _description = "Promises on Time"

    deadline_ids = fields.One2many(
        "order.deadline",
        "res_id",
        string="Deadlines",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    deadline_status = fields.Selection(
        [
            ("none", "No Deadline"),
            ("on_time", "On Time"),
            ("due_soon", "Due Soon"),
            ("overdue", "Overdue"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
        ],
        string="Punctuality",
        compute="_compute_deadline",
        search="_search_deadline_status",
        groups="base.group_user",
    )
    deadline_at = fields.Datetime(
        string="Due On",
        compute="_compute_deadline",
        search="_search_deadline_at",
        groups="base.group_user",
    )
    deadline_text = fields.Char(
        string="Time Left", compute="_compute_deadline", groups="base.group_user"
    )

    # === HOOKS ===#

    @api.model
    def _get_deadline_clock(self):
        """Return the key of the promise that is meant where none is named."""
        return self._name

    def _prepare_deadline_vals(self, policy):
        """Return ``name``, ``order_id``, ``department_id``, ``user_id`` (the owner),
        ``company_id``, ``class_id`` and ``priority`` of a promise of this record, as far as it has
        fields of these names.

        :param policy: the order.deadline.policy that was asked for, if any
        """
        self.ensure_one()
        vals = {"name": self.display_name, "company_id": self.env.company.id}
        if "company_id" in self._fields and self.company_id:
            vals["company_id"] = self.company_id.id
        for name in ("order_id", "department_id", "user_id", "class_id", "priority"):
            field = self._fields.get(name)
            if field and field.type in ("many2one", "selection"):
                vals[name] = self[name].id if field.type == "many2one" else self[name]
        return vals

    def _get_deadline_owners(self):
        """Return ``{record id: res.users}`` of who has to keep the promises of these records, as
        they stand now; where none is named it is the owner of the promise. In batch."""
        return {}

    # === THE COURSE OF A PROMISE ===#

    def _start_deadline(self, policy=None, clock=None, **vals):
        """Start a promise for each of these records.

        :param policy: order.deadline.policy; without it the one of the clock, the company and
            the department
        :param vals: values that go before those of :meth:`_prepare_deadline_vals`, and ``at``,
            ``minutes``, ``calendar_id``
        :return: the deadlines; there is none where no policy fits, and what cannot be timed is
            logged: it never stops the record
        """
        vals_list = self._prepare_starts(policy, clock, **vals)
        return self.env["order.deadline"]._start_many(vals_list)

    def _prepare_starts(self, policy=None, clock=None, **vals):
        """Return the values of :meth:`_start_deadline`, to start promises of records of several
        models with one statement: see ``order.deadline._start_many``."""
        vals_list = []
        # sudo: what is promised does not depend on what its maker reads of the record
        for record in self.sudo():
            try:
                prepared = record._prepare_deadline_vals(policy)
            except psycopg2.Error:
                raise  # the transaction is over
            except Exception:
                _logger.exception("No deadline for %s", record)
                continue
            vals_list.append(
                {
                    **prepared,
                    "record": record,
                    "clock": clock or record._get_deadline_clock(),
                    "policy": policy,
                    **vals,
                }
            )
        return vals_list

    def _get_open_deadlines(self, clock=None):
        """Return the open promises of these records, one query however many there are."""
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        domain &= Domain("stopped_at", "=", False)
        if clock:
            domain &= Domain("clock", "=", clock)
        # sudo: who decides need not be able to read the promise
        return self.env["order.deadline"].sudo()._search_with_course(domain)

    def _pause_deadline(self, reason=None, clock=None):
        """Let the open promises stand still, see ``order.deadline._pause``."""
        return self._get_open_deadlines(clock)._pause(reason)

    def _resume_deadline(self, clock=None):
        """Let the paused promises go on."""
        return self._get_open_deadlines(clock)._resume()

    def _stop_deadline(self, clock=None):
        """The open promises are fulfilled."""
        return self._get_open_deadlines(clock)._stop()

    def _cancel_deadline(self, reason=None, clock=None):
        """The open promises do not apply any more."""
        return self._get_open_deadlines(clock)._cancel(reason)

    def _reevaluate_deadline(self, clock=None):
        """Class, priority or department changed: the open promises are timed anew."""
        deadlines = self._get_open_deadlines(clock)
        # sudo: as when it was started
        records = {record.id: record for record in self.sudo()}
        policies, vals_by_id = self.env["order.deadline.policy"], {}
        for deadline in deadlines:
            vals = records[deadline.res_id]._prepare_deadline_vals(deadline.policy_id)
            info = policies._find_info(
                deadline.clock, deadline.company_id.id, deadline.department_id.id
            )
            vals_by_id[deadline.id] = {
                "class_id": vals.get("class_id"),
                "priority": vals.get("priority"),
                "policy_id": info.id if info else deadline.policy_id.id,
            }
        return deadlines._reevaluate(vals_by_id)

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        # sudo: promises go with what they were made for
        self.env["order.deadline"].sudo()._remove_of(self._name, ids)
        return result

    # === HOW IT STANDS ===#

    @api.model
    def _get_status_query(self, only_open=False):
        """Return the SQL of (res_id, status, deadline) of the records that have a promise: the
        worst of the open ones, else the last that has ended."""
        now = fields.Datetime.now()
        return SQL(
            """SELECT DISTINCT ON (res_id) res_id, status, deadline, id
                 FROM (SELECT id, res_id, deadline, stopped_at, CASE
                              WHEN stopped_at IS NOT NULL THEN state
                              WHEN state = 'missed' THEN 'overdue'
                              WHEN paused_at IS NOT NULL THEN 'paused'
                              WHEN deadline < %(now)s THEN 'overdue'
                              WHEN warn_at <= %(now)s THEN 'due_soon'
                              ELSE 'on_time' END AS status
                         FROM order_deadline
                        WHERE res_model = %(model)s AND state NOT IN ('cancelled', 'exempt')
                          AND %(which)s) AS promise
             ORDER BY res_id, stopped_at DESC NULLS FIRST, array_position(%(order)s, status),
                      deadline, id DESC""",
            now=now,
            model=self._name,
            which=SQL("stopped_at IS NULL") if only_open else SQL("TRUE"),
            order=list(STATUSES),
        )

    @api.depends_context("lang")
    def _compute_deadline(self):
        """All three at once, with one query for any number of records."""
        saved = tuple(id_ for id_ in self._origin._ids if isinstance(id_, int))
        # sudo: how a record stands that the user reads
        deadlines = self.env["order.deadline"].sudo()
        if saved:
            query = SQL(
                "SELECT id FROM (%s) AS status WHERE res_id IN %s", self._get_status_query(), saved
            )
            names = deadlines._get_status_fields()
            deadlines = deadlines.search_fetch(self._in_query(query), names, order="id")
        self._show_deadlines(deadlines)

    def _show_deadlines(self, deadlines):
        """Put into the cache how these records stand.

        :param deadlines: as superuser, at most one for each of these records
        """
        now = fields.Datetime.now()
        shown = {deadline.res_id: deadline for deadline in deadlines}
        texts = deadlines.with_env(self.env(su=True))._get_time_text()
        for record in self:
            deadline = shown.get(record._origin.id)
            status = deadline._get_status(now) if deadline else "none"
            at = deadline.deadline if status in STATUSES else False
            text = texts[deadline.id] if deadline else ""
            self._fields["deadline_status"]._update_cache(record, status)
            self._fields["deadline_at"]._update_cache(record, at or None)
            self._fields["deadline_text"]._update_cache(record, text)

    def _get_deadline_chip(self):
        """Return how the open promise of this record stands, as plain values for the screen, or
        None: ``text``, ``status`` and ``due`` (in UTC)."""
        self.ensure_one()
        if self.deadline_status not in STATUSES:
            return None
        return {
            "text": self.deadline_text,
            "status": self.deadline_status,
            "due": fields.Datetime.to_string(self.deadline_at),
        }

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by what is due first; what is paused has no moment."""
        if field_name not in ("deadline_at", "deadline_text"):
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        self._check_field_access(self._fields[field_name], "read")
        return SQL(
            """(SELECT min(promise.deadline) FROM order_deadline AS promise
                 WHERE promise.res_model = %s AND promise.res_id = %s
                   AND promise.stopped_at IS NULL AND promise.paused_at IS NULL) %s %s""",
            self._name,
            SQL.identifier(alias, "id"),
            direction,
            nulls,
        )

    def _search_deadline_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = tuple(value)
        query = self._get_status_query(only_open=set(wanted) <= set(STATUSES))
        found = SQL("SELECT res_id FROM (%s) AS status WHERE status IN %s", query, wanted)
        domain = self._in_query(found)
        if "none" in wanted or False in wanted:
            domain |= ~self._in_query(SQL("SELECT res_id FROM (%s) AS status", query))
        return domain

    def _search_deadline_at(self, operator, value):
        if operator not in ("<", ">", "<=", ">="):
            return NotImplemented
        condition = Domain("res_model", "=", self._name) & Domain("stopped_at", "=", False)
        condition &= Domain("paused_at", "=", False) & Domain("deadline", operator, value)
        # sudo: whether something is due; which of these records are read is for their own rules
        deadlines = self.env["order.deadline"].sudo()
        return self._in_query(deadlines._search(condition).select("res_id"))

    @api.model
    def _in_query(self, query):
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), query
            )
        )
