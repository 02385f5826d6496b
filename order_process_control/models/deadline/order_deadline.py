from odoo import api, fields, models
from odoo.tools import SQL

from ..order.row_condition import forget
from ..order.sale_order_priority import PRIORITIES


class OrderDeadline(models.Model):
    """A promise on time, whoever made it: one row each, and the same clock for all (R-157).

    Nobody writes rows but the engine. A promise is open until ``stopped_at``: running, paused, or
    missed and still to be fulfilled. One that is missed stays so, whatever happens later: fulfilled
    late it knows by how much.
    """

    _name = "order.deadline"
    _description = "Deadline"
    _order = "deadline, id"

    name = fields.Char(readonly=True)
    clock = fields.Char(string="Promise Key", required=True, readonly=True, help="Which promise.")
    policy_id = fields.Many2one("order.deadline.policy", readonly=True, ondelete="set null")
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        readonly=True,
        ondelete="set null",
        help="Empty: the time elapses around the clock.",
    )
    class_id = fields.Many2one(
        "order.class", string="Order Class", readonly=True, ondelete="set null"
    )
    priority = fields.Selection(PRIORITIES, readonly=True)
    minutes = fields.Float(string="Minutes Allowed", readonly=True, aggregator="avg")
    started_at = fields.Datetime(string="Started On", required=True, readonly=True)
    warn_at = fields.Datetime(string="Warning On", readonly=True)
    deadline = fields.Datetime(string="Due On", readonly=True)
    emergency_at = fields.Datetime(string="Emergency On", readonly=True)
    paused_at = fields.Datetime(string="Paused On", readonly=True)
    pause_reason = fields.Char(readonly=True)
    remaining_minutes = fields.Float(
        readonly=True,
        aggregator=None,
        help="Left while it is paused and when it ended; negative when it was late.",
    )
    stopped_at = fields.Datetime(string="Ended On", readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("cancelled", "Not Applicable"),
            ("exempt", "Exempt"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="running",
    )
    alert_level = fields.Integer(readonly=True, aggregator="max")
    next_alert_at = fields.Datetime(readonly=True)
    used_minutes = fields.Float(
        readonly=True, aggregator="avg", help="Without pauses, when it ended."
    )
    delay_minutes = fields.Float(
        readonly=True, aggregator="avg", help="By how much it was late when it ended."
    )
    failures = fields.Integer(
        readonly=True, help="How often in a row the scheduled action could not handle it."
    )
    event_ids = fields.One2many("order.deadline.event", "deadline_id", readonly=True)
    clock_name = fields.Char(string="Promise", compute="_compute_clock_name")
    hours = fields.Float(string="Hours Allowed", compute="_compute_hours")
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    time_text = fields.Char(string="Time Left", compute="_compute_time_text")

    # The scheduled action looks at nothing but this
    _next_alert_idx = models.Index("(next_alert_at, id) WHERE next_alert_at IS NOT NULL")
    _record_idx = models.Index("(res_model, res_id)")
    _open_idx = models.Index("(res_model, deadline) WHERE stopped_at IS NULL")

    # === WHAT A SCREEN SHOWS ===#

    @api.depends("clock")
    @api.depends_context("lang")
    def _compute_clock_name(self):
        policies = self.env["order.deadline.policy"]
        names = dict(policies._fields["clock"]._description_selection(self.env))
        for deadline in self:
            deadline.clock_name = names.get(deadline.clock, deadline.clock)

    @api.depends("minutes")
    def _compute_hours(self):
        for deadline in self:
            deadline.hours = deadline.minutes / 60

    @api.depends("stopped_at")
    def _compute_is_open(self):
        for deadline in self:
            deadline.is_open = not deadline.stopped_at

    def _search_is_open(self, operator, value):
        return [("stopped_at", "=", False)] if operator == "in" else NotImplemented

    @api.depends("state", "deadline", "stopped_at", "paused_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for deadline in self:
            deadline.is_late = deadline.state == "missed" or (
                deadline.state == "running" and bool(deadline.deadline) and deadline.deadline < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        running = [("state", "=", "running"), ("deadline", "<", fields.Datetime.now())]
        return ["|", ("state", "=", "missed"), "&", *running]

    @api.depends("state", "deadline", "stopped_at", "paused_at", "remaining_minutes")
    @api.depends_context("lang")
    def _compute_time_text(self):
        texts = self._get_time_text()
        for deadline in self:
            deadline.time_text = texts.get(deadline.id, "")

    def action_open_record(self):
        """Return the action that opens what was promised; its own access rights are asked.

        :raise AccessError: when the user may not read it
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        return record.get_formview_action()

    # === GOING ===#

    @api.model
    def _forget_statuses(self):
        """Let the records ask again how their promises stand."""
        names = ["deadline_ids", "deadline_status", "deadline_at", "deadline_text"]
        forget(self.env, "order.deadline.mixin", names)

    @api.model
    def _remove_of(self, res_model, res_ids):
        """Remove the promises of records that are gone, with their events; their alerts end."""
        if not res_ids:
            return
        condition = SQL("res_model = %s AND res_id IN %s", res_model, tuple(res_ids))
        if res_model == "sale.order":
            condition = SQL("(%s) OR order_id IN %s", condition, tuple(res_ids))
        rows = self.env.execute_query(
            SQL("DELETE FROM order_deadline WHERE %s RETURNING id, alert_level", condition)
        )
        gone = self.browse(row[0] for row in rows)
        self.env["order.alert"]._clear([f"deadline:{id_}" for id_, level in rows if level])
        gone.invalidate_recordset(flush=False)
