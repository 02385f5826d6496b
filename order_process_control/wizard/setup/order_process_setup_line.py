from odoo import api, fields, models


class OrderProcessSetupLine(models.TransientModel):
    """A department of a preset, and who signs for it here."""

    _name = "order.process.setup.line"
    _description = "Department to Set Up"
    _order = "sequence, id"

    setup_id = fields.Many2one("order.process.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id", store=True)
    sequence = fields.Integer()
    key = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Signs for", required=True, readonly=True)
    is_final = fields.Boolean(readonly=True)
    question_count = fields.Integer(string="Questions", readonly=True)
    is_used = fields.Boolean(string="Asked", default=True)
    department_id = fields.Many2one(
        "hr.department",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Whose employees sign. Leave it empty to create the department.",
    )
    is_new = fields.Boolean(compute="_compute_is_new")
    reviewer_ids = fields.Many2many(
        "res.users",
        "order_process_setup_line_reviewer_rel",
        string="Signed by",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Any of them signs. Leave it empty to let every employee of the department sign.",
    )
    signer_ids = fields.Many2many("res.users", string="Can Sign", compute="_compute_signers")
    warning = fields.Text(compute="_compute_signers")
    note = fields.Text(string="Attention", compute="_compute_note")
    # === PREVIEW ===#

    order_count = fields.Integer(string="Orders", readonly=True)
    order_ids = fields.Json(readonly=True)
    reasons = fields.Text(string="Because of", readonly=True)

    @api.depends("department_id", "is_used")
    def _compute_is_new(self):
        for line in self:
            line.is_new = line.is_used and not line.department_id

    @api.depends("is_used", "department_id", "reviewer_ids", "company_id")
    def _compute_signers(self):
        by_department = self._get_users_by_department()
        for line in self:
            users = line._get_users(by_department)
            # As the step itself will say it
            step = self.env["order.review.step"].new({"name": line.name})
            line.signer_ids = self.env["order.signoff"]._filter_able_users(users, line.company_id)
            line.warning = line.is_used and step._get_signer_warning(users, line.company_id)

    @api.depends("is_new", "warning")
    def _compute_note(self):
        for line in self:
            created = line.is_new and self.env._("The department will be created.")
            line.note = " ".join(filter(None, [created, line.warning]))

    def _get_users_by_department(self):
        return self.department_id._origin._get_signing_users()

    def _get_users(self, by_department):
        """Return the people who sign for this line, able or not."""
        self.ensure_one()
        users = self.reviewer_ids._origin or by_department.get(self.department_id._origin)
        return users or self.env["res.users"]

    def _get_blind_users(self):
        """Return the people of these departments who lack the right to see what they sign."""
        by_department = self._get_users_by_department()
        blind = self.env["res.users"]
        for line in self.filtered("is_used"):
            users = line._get_users(by_department).sudo()
            users = users.filtered(
                lambda u, company=line.company_id: u.active and company in u.company_ids
            )
            able = self.env["order.signoff"]._filter_able_users(users, line.company_id)
            blind |= users.sudo(False) - able
        return blind

    def action_open_orders(self):
        """Return the list of the orders that would have needed this department."""
        self.setup_id._begin()
        return self.setup_id._get_orders_action(self.name, self.order_ids)
