from typing import NamedTuple

from odoo import api, fields, models, tools


class PolicyInfo(NamedTuple):
    """One policy as it is kept in memory."""

    id: int
    clock: str
    company_id: int
    department_ids: frozenset
    is_working: bool
    calendar_id: int
    warning_percent: float
    emergency_minutes: float
    # {(class id or False, priority or False): minutes}
    lines: dict
    # {level: roles that are told}
    roles: dict
    send_mail: bool

    def get_minutes(self, class_id, priority):
        """Return the minutes allowed, by the most specific line; None without any that fits."""
        for key in (
            (class_id, priority),
            (False, priority),
            (class_id, False),
            (False, False),
        ):
            if key in self.lines:
                return self.lines[key]
        return None


class OrderDeadlinePolicy(models.Model):
    """Within which time a promise is to be kept (R-157), and who is told when it is not."""

    _name = "order.deadline.policy"
    _description = "Deadline Policy"
    _inherit = ["order.alert.recipients", "order.configuration.mixin"]
    _order = "clock, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    clock = fields.Selection(
        [
            ("release", "Order Processed"),
            ("signoff", "Sign-off Given"),
            ("answer", "Question Answered"),
        ],
        string="Promise",
        required=True,
        index=True,
        help="Which promise; what else makes promises adds its own to this list.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share the policy between companies."
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        help="Whose promises; empty: those of all departments that have no policy of their own.",
    )
    time_basis = fields.Selection(
        [("elapsed", "Elapsed Time"), ("working", "Working Time")],
        required=True,
        default="working",
        help="Elapsed time runs by night and on holidays; working time only in working hours.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Empty: those of the department, else of the company.",
    )
    warning_percent = fields.Float(
        string="Warn After (%)",
        default=75.0,
        help="At this share of the time a general alert is raised; 0: no warning.",
    )
    emergency_hours = fields.Float(
        string="Emergency After (hours)",
        default=4.0,
        help="So long after it was due, in the same kind of time, an emergency alert is raised;"
        " 0: never.",
    )
    line_ids = fields.One2many("order.deadline.policy.line", "policy_id", string="Times", copy=True)
    times_text = fields.Char(string="Time Allowed", compute="_compute_times_text")
    problem = fields.Char(compute="_compute_problem")

    _warning_in_range = models.Constraint(
        "CHECK(warning_percent >= 0 AND warning_percent < 100)",
        "The warning comes before the time is over: choose a share from 0 to less than 100 %.",
    )
    _emergency_not_negative = models.Constraint(
        "CHECK(emergency_hours >= 0 AND emergency_hours <= 8760)",
        "An emergency comes between 0 hours and a year after the deadline.",
    )

    @api.depends("line_ids.minutes", "line_ids.class_id", "line_ids.priority")
    @api.depends_context("lang")
    def _compute_times_text(self):
        for policy in self:
            policy.times_text = ", ".join(line._get_text() for line in policy.line_ids)

    @api.depends("line_ids.minutes", "time_basis", "calendar_id", "department_ids", "company_id")
    @api.depends_context("lang")
    def _compute_problem(self):
        """What keeps the policy from working as it says (shown in Health)."""
        for policy in self:
            policy.problem = policy._find_problem()

    def _find_problem(self):
        self.ensure_one()
        if not self.line_ids:
            return self.env._("It has no times: no promise is timed by it.")
        if self.time_basis == "working" and self.calendar_id._filter_without_hours():
            return self.env._(
                "“%s” has no working hours: its promises run around the clock.",
                self.calendar_id.name,
            )
        return False

    # === CHOOSING ===#

    @api.model
    @tools.ormcache()
    def _get_infos(self):
        """Return ``{policy id: PolicyInfo}`` of all policies in use, in sequence."""
        # sudo: how long a promise takes does not depend on who starts it
        policies = self.sudo().with_context(active_test=True)
        policies = policies.search([("active", "=", True)])
        return {policy.id: policy._get_info() for policy in policies}

    def _get_info(self):
        self.ensure_one()
        return PolicyInfo(
            id=self.id,
            clock=self.clock,
            company_id=self.company_id.id,
            department_ids=frozenset(self.department_ids._ids),
            is_working=self.time_basis == "working",
            calendar_id=self.calendar_id.id,
            warning_percent=self.warning_percent,
            emergency_minutes=self.emergency_hours * 60,
            lines={
                (line.class_id.id, line.priority or False): line.minutes for line in self.line_ids
            },
            roles=self._get_told_roles(),
            send_mail=self.send_mail,
        )

    @api.model
    def _find_info(self, clock, company_id, department_id):
        """Return the PolicyInfo of a promise, or None: then it is not timed.

        The department's own goes before one for all departments, the company's before a shared.
        """
        best, best_rank = None, (-1, -1)
        for info in self._get_infos().values():
            if info.clock != clock or info.company_id not in (False, company_id):
                continue
            if info.department_ids and department_id not in info.department_ids:
                continue
            rank = (bool(info.department_ids), bool(info.company_id))
            if rank > best_rank:
                best, best_rank = info, rank
        return best
