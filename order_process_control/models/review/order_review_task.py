from odoo import api, fields, models
from odoo.exceptions import ValidationError

DAY_LIMIT = 260


class OrderReviewTask(models.Model):
    """What has to be handed out after the review meeting, by whom and within how many working
    days (R-085, R-086)."""

    _name = "order.review.task"
    _description = "Task after a Review Meeting"
    _inherit = "order.configuration.mixin"
    _order = "sequence, id"

    step_id = fields.Many2one("order.review.step", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="step_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="To Do", required=True, translate=True)
    department_id = fields.Many2one(
        "hr.department",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        ondelete="restrict",
        help="Its manager does it, unless a person is named.",
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", domain=[("share", "=", False)], ondelete="restrict"
    )
    days = fields.Integer(
        string="Working Days",
        default=3,
        required=True,
        help="Within how many working days of the company after the meeting.",
    )
    only_new_products = fields.Boolean(
        help="Only for orders with a product that was never produced or bought before (R-086)."
    )
    warning = fields.Char(string="Attention", compute="_compute_warning")

    @api.constrains("days")
    def _check_days(self):
        for task in self:
            if not 0 <= task.days <= DAY_LIMIT:
                raise ValidationError(
                    self.env._(
                        "“%(task)s”: give between 0 and %(limit)s working days.",
                        task=task.name,
                        limit=DAY_LIMIT,
                    )
                )

    @api.depends("user_id", "department_id", "company_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        for task in self:
            company = task.company_id or self.env.company
            user = task._find_users(company, [task._prepare_copy()])[0]
            if not company.sudo().resource_calendar_id:
                task.warning = self.env._(
                    "%s has no working hours: every day counts as a working day.", company.name
                )
            elif not user:
                task.warning = self.env._("Nobody can do it: name a person or a department.")
            elif user != (task.user_id or task._get_manager()):
                task.warning = self.env._("Goes to %s: nobody nearer can be asked.", user.name)
            else:
                task.warning = False

    def _get_manager(self):
        # sudo: only HR officers read employees; nothing but the user is taken
        return self.department_id.sudo().manager_id.user_id.sudo(False)

    # === WHO DOES IT ===#

    @api.model
    def _find_users(self, company, tasks):
        """Return who does each task: the person named, else the manager of its department or of
        the one above, a member of it, at last the process manager; none when nobody can.

        :param list tasks: dicts of :meth:`_prepare_copy`
        """
        # sudo: only HR officers read employees; nothing but users is taken from them
        users, departments = self.env["res.users"].sudo(), self.env["hr.department"].sudo()
        users = users.browse({t["user_id"] for t in tasks if t["user_id"]}).exists()
        departments = departments.browse({t["department_id"] for t in tasks} - {False}).exists()
        return [
            self._choose_user(
                company,
                users.filtered(lambda user, task=task: user.id == task["user_id"]),
                departments.filtered(lambda unit, task=task: unit.id == task["department_id"]),
            )
            for task in tasks
        ]

    @api.model
    def _choose_user(self, company, user, department):
        """Return the nearest of who comes into question that works in ``company`` and can see what
        is to be done."""
        sources = (
            lambda: user,
            lambda: department.manager_id.user_id,
            lambda: department.parent_id.manager_id.user_id,
            lambda: department.member_ids.user_id,
            lambda: company.sudo().order_process_manager_id,
        )
        for source in sources:
            able = self.env["order.signoff"]._filter_able_users(source(), company)[:1]
            if able:
                return able
        return self.env["res.users"]

    # === CONFIGURATION ===#

    def _prepare_copy(self):
        """Return what a sign-off keeps of this task: plain values, so that they fit into JSON."""
        self.ensure_one()
        return {
            "name": self.name,
            "department_id": self.department_id.id,
            "user_id": self.user_id.id,
            "days": self.days,
            "only_new_products": self.only_new_products,
        }


class OrderReviewStep(models.Model):
    """Departments that decide only after a review meeting (R-084, R-142)."""

    _inherit = "order.review.step"

    needs_meeting = fields.Boolean(
        string="Needs a Meeting",
        help="Approved only after a review meeting was held and its minutes were written.",
    )
    task_ids = fields.One2many(
        "order.review.task", "step_id", string="Tasks after the Meeting", copy=True
    )

    def _prepare_copy(self):
        return super()._prepare_copy() | {
            "needs_meeting": self.needs_meeting,
            "meeting_tasks": [task._prepare_copy() for task in self.task_ids]
            if self.needs_meeting
            else [],
        }

    def _prepare_configuration(self):
        values = super()._prepare_configuration()
        if self.needs_meeting:
            # Only then: what was signed before there were meetings stays as it was signed
            digest = self.env["sale.order"]._get_fingerprint([values["digest"], "meeting"])
            values["digest"] = digest
        return values
