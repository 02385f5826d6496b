from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

AVERAGE_DAYS = 30


class HrDepartment(models.Model):
    """The card of a department in the overview: what it has to sign, and how fast it signs.

    Counts are of what the user may read, as are the lists that they lead to; the average time and
    the on-time rate are figures of the whole department and name nothing (R-113, R-312).
    """

    _inherit = "hr.department"

    signs_orders = fields.Boolean(
        compute="_compute_signs_orders",
        search="_search_signs_orders",
        help="The department is asked to sign orders, or has sign-offs that are open.",
    )
    signoff_count = fields.Integer(string="To Sign", compute="_compute_signoff_counts")
    signoff_due_count = fields.Integer(string="Due Today", compute="_compute_signoff_counts")
    signoff_overdue_count = fields.Integer(string="Overdue", compute="_compute_signoff_counts")
    signoff_time = fields.Char(
        string="Average Time",
        compute="_compute_signoff_speed",
        help="From being asked to the decision, over the last 30 days, in the time that counts"
        " for the deadline.",
    )
    signoff_on_time_rate = fields.Integer(string="On Time (%)", compute="_compute_signoff_speed")

    def _compute_signs_orders(self):
        signing = self._search([("id", "in", self.ids), ("signs_orders", "=", True)])
        signing_ids = set(signing)
        for department in self:
            department.signs_orders = department.id in signing_ids

    def _search_signs_orders(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: that a department signs orders is no secret; the departments follow their own rules
        steps = self.env["order.review.step"].sudo()._search([("department_id", "!=", False)])
        pending = self.env["order.signoff"].sudo()._search([("state", "=", "pending")])
        return Domain("id", "in", steps.subselect("department_id")) | Domain(
            "id", "in", pending.subselect("department_id")
        )

    # === FIGURES ===#

    @api.depends_context("uid", "allowed_company_ids", "tz")
    def _compute_signoff_counts(self):
        counts = {
            name: self._count_signoffs(domain)
            for name, domain in self._get_signoff_domains().items()
        }
        for department in self:
            for name, by_department in counts.items():
                department[name] = by_department.get(department.id, 0)

    def _count_signoffs(self, domain):
        if not self.env["order.signoff"].has_access("read"):
            return {}
        groups = self.env["order.signoff"]._read_group(
            Domain("department_id", "in", self.ids) & domain, ["department_id"], ["__count"]
        )
        return {department.id: count for department, count in groups}

    @api.model
    def _get_signoff_domains(self):
        """Return ``{name of a count: what it counts}``; the cards lead to the same sign-offs."""
        pending = Domain("state", "=", "pending")
        return {
            "signoff_count": pending,
            "signoff_due_count": pending
            & Domain("deadline_at", ">=", fields.Datetime.now())
            & Domain("deadline_at", "<", "today +1d"),
            "signoff_overdue_count": pending & Domain("deadline_status", "=", "overdue"),
        }

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_signoff_speed(self):
        speeds = self._read_signoff_speeds()
        for department in self:
            minutes, rate = speeds.get(department.id, (None, 0))
            department.signoff_time = minutes is not None and self._get_time_words(minutes)
            department.signoff_on_time_rate = rate

    @api.model
    def _get_time_words(self, minutes):
        hours, minutes = divmod(round(minutes), 60)
        if hours:
            return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        return self.env._("%s min", minutes)

    def _read_signoff_speeds(self):
        """Return ``{department id: (average minutes, per cent on time)}`` of the last days, of
        the companies that the user works with."""
        self.env["order.deadline"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT department_id, avg(used_minutes),
                       round(100.0 * count(*) FILTER (WHERE state = 'met') / count(*))
                  FROM order_deadline
                 WHERE department_id IN %s AND company_id IN %s AND clock = 'signoff'
                   AND state IN ('met', 'missed') AND stopped_at >= %s
                 GROUP BY department_id
                """,
                self._ids or (0,),
                self.env.companies._ids,
                fields.Datetime.now() - timedelta(days=AVERAGE_DAYS),
            )
        )
        return {id_: (float(minutes or 0), int(rate)) for id_, minutes, rate in rows}

    # === WHERE THE CARDS LEAD ===#

    @api.readonly
    def action_open_signoffs(self):
        """Open what the department has to sign.

        :return: a window action on ``order.signoff``
        """
        return self._get_signoff_action("signoff_count")

    @api.readonly
    def action_open_signoffs_due(self):
        """The same, of what is due today."""
        return self._get_signoff_action("signoff_due_count")

    @api.readonly
    def action_open_signoffs_overdue(self):
        """The same, of what is late."""
        return self._get_signoff_action("signoff_overdue_count")

    def _get_signoff_action(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_signoff_action"
        )
        domain = Domain("department_id", "=", self.id) & self._get_signoff_domains()[name]
        return {
            **action,
            "display_name": self.env._("%s: sign-offs", self.name),
            "domain": list(domain),
            "context": {},
        }

    @api.readonly
    def action_open_deadline_report(self):
        """Open the analysis of how fast the department signs.

        :return: a window action on ``order.deadline.report``
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_deadline_report_action"
        )
        return {**action, "domain": [("department_id", "=", self.id)]}
