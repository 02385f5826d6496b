from odoo import api, fields, models

from ..order.sale_order_priority import PRIORITIES

# Ten years: what lies further ahead is no promise
MAX_MINUTES = 10 * 366 * 24 * 60


class OrderDeadlinePolicyLine(models.Model):
    """How long a promise may take for a class of orders and a priority."""

    _name = "order.deadline.policy.line"
    _description = "Time of a Deadline Policy"
    _inherit = "order.configuration.mixin"
    _order = "policy_id, minutes desc, id"

    policy_id = fields.Many2one(
        "order.deadline.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    class_id = fields.Many2one(
        "order.class", string="Order Class", ondelete="cascade", help="Empty: any class."
    )
    priority = fields.Selection(PRIORITIES, help="Empty: whatever the priority.")
    minutes = fields.Float(string="Minutes Allowed", required=True)
    hours = fields.Float(
        string="Hours Allowed", compute="_compute_hours", inverse="_inverse_hours", digits=(16, 2)
    )

    _minutes_positive = models.Constraint(
        f"CHECK(minutes > 0 AND minutes <= {MAX_MINUTES})",
        "Allow more than no time, and no more than ten years.",
    )
    _case_uniq = models.UniqueIndex(
        "(policy_id, COALESCE(class_id, 0), COALESCE(priority, ''))",
        "There are two times for the same class and priority: keep one of them.",
    )

    @api.depends("minutes")
    def _compute_hours(self):
        for line in self:
            line.hours = line.minutes / 60

    def _inverse_hours(self):
        for line in self:
            line.minutes = line.hours * 60

    def _get_text(self):
        """Return the line in words: "2 h Urgent", "20 min Critical"."""
        self.ensure_one()
        labels = dict(self._fields["priority"]._description_selection(self.env))
        case = " ".join(filter(None, (self.class_id.name, labels.get(self.priority))))
        if self.minutes < 60:
            words = self.env._("%(minutes)s min %(case)s", minutes=round(self.minutes), case=case)
        else:
            hours = f"{self.hours:.2f}".rstrip("0").rstrip(".")
            words = self.env._("%(hours)s h %(case)s", hours=hours, case=case)
        return words.strip()
