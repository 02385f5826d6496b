from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...models.setup.order_process_preset import Choice, Plan

STAGES = [
    ("preset", "Choose"),
    ("departments", "Departments"),
    ("preview", "Preview"),
    ("done", "Switched On"),
]


class OrderProcessSetup(models.TransientModel):
    """From nothing to a working process, and from one process to another: choose a preset, map
    its departments, see what last month's orders would have needed, switch it on.

    Nothing is created before the last step. Running it again updates what it has set up.
    """

    _name = "order.process.setup"
    _description = "Set Up the Order Process"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_on = fields.Boolean(related="company_id.order_process_active")
    stage = fields.Selection(STAGES, default="preset", required=True, readonly=True)
    preset = fields.Selection(
        selection="_selection_preset",
        required=True,
        default=lambda self: self._get_current_preset(),
        string="Your Company is a",
    )
    description = fields.Text(compute="_compute_description")
    line_ids = fields.One2many("order.process.setup.line", "setup_id", string="Departments")
    review_limit = fields.Monetary(
        string="Departments Review from",
        help="Untaxed amount in the company's currency from which regular orders are reviewed as"
        " well; 0: every order. Orders of the same customer within a few days are added up.",
    )
    final_limit = fields.Monetary(
        string="General Manager Approves from",
        help="Untaxed amount in the company's currency from which the general manager approves.",
    )
    manager_id = fields.Many2one(
        "res.users",
        string="Process Manager",
        domain=[("share", "=", False)],
        default=lambda self: self.env.company.order_process_manager_id or self.env.user,
        help="Signs where a department has nobody who can, so that no order gets stuck.",
    )
    # === WHAT IS THERE ALREADY ===#

    other_step_ids = fields.Many2many("order.review.step", compute="_compute_other_step_ids")
    archive_others = fields.Boolean(
        string="Replace Them",
        default=True,
        help="Archives these steps, so that no department is asked twice. Their history stays.",
    )
    can_grant = fields.Boolean(compute="_compute_can_grant")

    # === DEFAULTS ===#

    @api.model
    def _selection_preset(self):
        presets = self.env["order.process.preset"]._get_presets()
        return [(code, self.env._(preset.name)) for code, preset in presets.items()]

    @api.model
    def _get_current_preset(self):
        """Return the code of the preset that the company was set up with, else the first."""
        # sudo: also for default_get of who is refused a moment later
        step = (
            self.env["order.review.step"]
            .sudo()
            .search([("setup_key", "!=", False), ("company_id", "=", self.env.company.id)], limit=1)
        )
        codes = list(self.env["order.process.preset"]._get_presets())
        current = (step.setup_key or "").partition(".")[0]
        return current if current in codes else codes[0]

    @api.depends("company_id")
    def _compute_name(self):
        self.name = self.env._("Set Up")

    def _get_preset(self):
        self.ensure_one()
        return self.env["order.process.preset"]._get_presets()[self.preset]

    @api.depends("preset")
    def _compute_description(self):
        presets = self.env["order.process.preset"]._get_presets()
        for setup in self:
            preset = presets.get(setup.preset)
            setup.description = self.env._(preset.description) if preset else False

    @api.depends("company_id")
    def _compute_other_step_ids(self):
        for setup in self:
            setup.other_step_ids = self.env["order.review.step"].search(
                [("setup_key", "=", False), ("company_id", "=", setup.company_id.id)]
            )

    @api.depends_context("uid")
    @api.depends("line_ids.warning")
    def _compute_can_grant(self):
        may_grant = self.env.user.has_group("base.group_erp_manager")
        for setup in self:
            setup.can_grant = may_grant and bool(setup.line_ids._get_blind_users())

    # === FROM STEP TO STEP ===#

    @api.model
    def action_open(self):
        """Return the action that opens a new wizard.

        :raise AccessError: for everybody but the process manager
        """
        self._check_may_set_up()
        return self.create({})._get_action()

    @api.model
    def _check_may_set_up(self):
        if not self.env.user.has_group("order_process_control.group_order_manager"):
            raise AccessError(self.env._("Only process managers set the order process up."))

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _begin(self):
        self.ensure_one()
        self._check_may_set_up()
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Switch to %s before you set its process up.", self.company_id.name)
            )

    def action_choose(self):
        """Go on to the departments of the chosen preset, matched with those that there are.

        :return: True
        """
        self._begin()
        if {*self.line_ids.mapped("key")} != {step.key for step in self._get_preset().steps}:
            limits = self._get_proposed_limits()
            self.write(
                {
                    "line_ids": [
                        Command.clear(),
                        *(Command.create(vals) for vals in self._prepare_lines()),
                    ],
                    "review_limit": limits.get("review", 0.0),
                    "final_limit": limits.get("final", 0.0),
                }
            )
        self.stage = "departments"
        return True

    def action_back(self):
        """Go back to the step before.

        :return: True
        """
        self._begin()
        self.stage = {"preview": "departments"}.get(self.stage, "preset")
        return True

    def _prepare_lines(self):
        """Return the values of one line a step, as it is set up or as it can be matched."""
        plan = self._get_plan()
        existing = self.env["order.process.preset"]._get_existing("order.review.step", plan)
        keys = [plan.get_key(part) for part in plan.preset.steps]
        # Departments that were left out stay out, unless it was another preset all the while
        is_new = not any(existing[key].active for key in keys if key in existing)
        departments = self._match_departments(plan.preset.steps)
        lines = []
        for sequence, part in enumerate(plan.preset.steps):
            step = existing.get(plan.get_key(part), self.env["order.review.step"])
            department = step.department_id or departments.get(part.key)
            lines.append(
                {
                    "sequence": sequence,
                    "key": part.key,
                    "name": step.name or self.env._(part.name),
                    "is_used": is_new or step.active,
                    "department_id": department.id if department else False,
                    "reviewer_ids": [Command.set(step.reviewer_ids.ids)],
                    "question_count": len(part.criteria),
                    "is_final": part.is_final,
                }
            )
        return lines

    def _match_departments(self, steps):
        """Return ``{step key: department}`` by name, in whatever language and case; one where
        somebody can sign is preferred, each is taken once."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        departments = self.env["hr.department"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )
        people = departments._get_signing_users()
        ordered = departments.sorted(lambda d: (d not in people, not d.company_id, d.id))
        known = [({d.name, d.with_context(lang=None).name}, d) for d in ordered]
        result = {}
        for step in steps:
            names = [step.name._translate(code) for code in {"en_US", *languages}]
            for wanted in (names, step.aliases):
                wanted = {name.casefold() for name in wanted}
                fitting = [
                    department
                    for own_names, department in known
                    if not wanted.isdisjoint(name.casefold().strip() for name in own_names)
                    and department not in result.values()
                ]
                if fitting:
                    result[step.key] = fitting[0]
                    break
        return result

    def _get_proposed_limits(self):
        """Return the limits that the company works with, else those that the preset proposes."""
        plan = self._get_plan()
        limits = dict(plan.preset.limits)
        presets = self.env["order.process.preset"]
        classes = presets._get_existing("order.class", plan)
        steps = presets._get_existing("order.review.step", plan)
        for name, records in (("review", classes), ("final", steps)):
            for key, record in records.items():
                if key.partition(".")[0] == plan.preset.code and record._get_rule_or_none():
                    for condition in record._get_rule_or_none().iter_conditions():
                        if condition.field_expr == "amount_untaxed":
                            limits[name] = condition.value
        return limits

    def _get_plan(self):
        self.ensure_one()
        used = self.line_ids.filtered("is_used")
        return Plan(
            self.company_id,
            self._get_preset(),
            {"review": self.review_limit, "final": self.final_limit},
            {line.key: Choice(line.department_id, line.reviewer_ids) for line in used},
        )

    def _check_plan(self):
        if not self.line_ids.filtered("is_used"):
            raise UserError(self.env._("Choose at least one department that shall sign."))
        if min(self.review_limit, self.final_limit) < 0:
            raise UserError(self.env._("An amount is negative: write 0 for every order."))

    # === SWITCHING ON ===#

    def action_grant_rights(self):
        """Give the right to sign to the people of these departments who lack it, as far as the
        user may give rights.

        :return: True
        """
        self._begin()
        group = self.env.ref("order_process_control.group_order_reviewer")
        # Not sudo: who gives rights needs the right to do so
        self.line_ids._get_blind_users().write({"group_ids": [Command.link(group.id)]})
        return True

    def action_switch_on(self):
        """Create or update the steps and switch the process of the company on.

        :return: True
        :raise UserError: see :meth:`action_preview`
        """
        self._begin()
        self._check_plan()
        self._create_departments()
        self.env["order.process.preset"]._apply(self._get_plan())
        if self.archive_others:
            self.other_step_ids.action_archive()
        if self.manager_id and self.manager_id != self.company_id.order_process_manager_id:
            # sudo: process managers write this of the company and nothing else
            self.company_id.sudo().order_process_manager_id = self.manager_id
        self.company_id.action_start_order_process()
        self.stage = "done"
        return True

    def _create_departments(self):
        missing = self.line_ids.filtered("is_new")
        # sudo: a process manager need not be an HR officer to name a department
        departments = self.env["hr.department"].sudo()
        departments = departments.create(
            [{"name": line.name, "company_id": self.company_id.id} for line in missing]
        )
        for line, department in zip(missing, departments.sudo(False), strict=True):
            line.department_id = department

    def action_switch_off(self):
        """Switch the process of the company off; nothing is lost.

        :return: True
        """
        self._begin()
        return self.company_id.action_stop_order_process()

    def action_open_steps(self):
        """Return the list of the review steps."""
        self._begin()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_review_step_action"
        )
