from odoo import api, fields, models
from odoo.tools import SQL

from ..order.sale_order_priority import PRIORITIES


class OrderDeadlineReport(models.Model):
    """How promises on time were kept: one row a deadline, in hours (R-312, R-436).

    Reads ``order.deadline`` alone, so that every figure here can be traced to rows and events.
    Cancelled and exempted deadlines promised nothing in the end and are left out.
    """

    _name = "order.deadline.report"
    _description = "Analysis of Deadlines"
    _auto = False
    _order = "started_at desc, id desc"
    _rec_name = "deadline_id"

    deadline_id = fields.Many2one("order.deadline", readonly=True)
    clock = fields.Selection(selection="_get_clocks", string="Promise", readonly=True)
    policy_id = fields.Many2one("order.deadline.policy", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    class_id = fields.Many2one("order.class", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("met", "Met"), ("missed", "Missed")],
        string="Status",
        readonly=True,
    )
    started_at = fields.Datetime(string="Started On", readonly=True)
    deadline = fields.Datetime(string="Due", readonly=True)
    stopped_at = fields.Datetime(string="Ended On", readonly=True)
    allowed_hours = fields.Float(aggregator="avg", readonly=True)
    used_hours = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Hours it took, in the time that counts for it: pauses and, for working time, nights"
        " and holidays left out.",
    )
    delay_hours = fields.Float(
        aggregator="avg", readonly=True, help="Hours late, of those that were late."
    )
    on_time_rate = fields.Float(
        string="On Time (%)",
        aggregator="avg",
        readonly=True,
        help="Share of what is decided: kept in time, of all that was kept or missed.",
    )

    @api.model
    def _get_clocks(self):
        return self.env["order.deadline.policy"]._fields["clock"]._description_selection(self.env)

    @property
    def _table_query(self):
        self.env["order.deadline"].flush_model()
        return SQL("SELECT %s FROM order_deadline WHERE %s", self._select(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """id, id AS deadline_id, clock, policy_id, order_id, company_id, department_id,
               user_id, class_id, priority, state, started_at, deadline, stopped_at,
               minutes / 60.0 AS allowed_hours,
               CASE WHEN stopped_at IS NOT NULL THEN used_minutes / 60.0 END AS used_hours,
               CASE WHEN state = 'missed' AND stopped_at IS NOT NULL
                    THEN delay_minutes / 60.0 END AS delay_hours,
               CASE state WHEN 'met' THEN 100.0 WHEN 'missed' THEN 0.0 END AS on_time_rate"""
        )

    @api.model
    def _where(self):
        return SQL("state NOT IN ('cancelled', 'exempt')")
