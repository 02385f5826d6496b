from odoo import api, fields, models
from odoo.fields import Domain


class OrderReviewStep(models.Model):
    """A department that signs before an order is confirmed (R-090, R-102, R-119 .. R-143)."""

    _name = "order.review.step"
    _description = "Order Review Step"
    _inherit = "order.rule.mixin"
    _order = "sequence, id"

    # Nobody reads a rule that has become unreadable as "no review needed"
    _broken_rule_matches = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="Steps are signed one after the other; equal sequences are signed in parallel.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to apply the step in every company."
    )
    # Not check_company: a shared step may well name a department of one company
    department_id = fields.Many2one(
        "hr.department",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        ondelete="restrict",
    )
    reviewer_ids = fields.Many2many(
        "res.users",
        string="Reviewers",
        domain=[("share", "=", False)],
        help="Any of them signs. Leave empty to let every employee of the department sign.",
    )
    allow_requester = fields.Boolean(
        string="Own Orders Allowed",
        help="Lets salesperson, creator and requester of an order sign it in this step, and one"
        " person sign for several departments. For very small companies only.",
    )
    class_ids = fields.Many2many(
        "order.class",
        string="Order Classes",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="The step applies to orders of these classes; leave empty for every order.",
    )
    condition_domain = fields.Char(
        string="Condition", help="The step applies to the orders that meet this condition."
    )
    criterion_ids = fields.One2many(
        "order.review.criterion", "step_id", string="Criteria", copy=True
    )
    signer_warning = fields.Char(compute="_compute_signer_warning")

    @api.model
    def _get_rule_field(self):
        return "condition_domain"

    @api.constrains("condition_domain")
    def _check_condition_domain(self):
        self._check_rule()

    @api.onchange("department_id")
    def _onchange_department_id(self):
        if self.department_id and not self.name:
            self.name = self.department_id.name

    @api.depends("name", "reviewer_ids", "department_id", "company_id")
    def _compute_signer_warning(self):
        users_by_department = self.department_id._get_signing_users()
        for step in self:
            company = step.company_id or self.env.company
            users = step.reviewer_ids or users_by_department.get(step.department_id._origin)
            step.signer_warning = step._get_signer_warning(users, company)

    def _get_signer_warning(self, users, company):
        """Return the sentence that names a step nobody can sign, or signers without rights."""
        self.ensure_one()
        users = users or self.env["res.users"]
        colleagues = users.sudo().filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        blind = colleagues - self.env["order.signoff"]._filter_able_users(users, company)
        if blind:
            return self.env._(
                "%(users)s could sign for “%(step)s” but would not see the orders: give them the"
                " right “Order Control: Reviewer” in their user settings.",
                users=", ".join(blind.mapped("name")),
                step=self.name,
            )
        if not colleagues:
            fallback = company.order_process_manager_id
            return self.env._(
                "Nobody can sign for “%(step)s”: name reviewers, or give users to the employees of"
                " its department. Until then its sign-offs go to the department's manager, then to"
                " %(manager)s.",
                step=self.name or self.department_id.name or "",
                manager=fallback.name or self.env._("the Order Process Managers"),
            )
        return False

    @api.model
    def _get_steps_domain(self):
        """Return which steps take part in the review of an order."""
        return Domain.TRUE

    @api.model
    def _get_steps_by_order(self, orders):
        """Return ``{order id: steps in signing order}``, in a constant number of queries.

        Classes are matched anew, and the class chosen by hand counts beside the one that the
        rules say: choosing another class adds steps but never takes any away.
        """
        result = dict.fromkeys(orders._ids, self.browse())
        # sudo: steps are configuration that a salesperson or a customer does not read;
        # active_test: a context sent by the client must not hide or revive any
        steps = self.sudo().with_context(active_test=True).search(self._get_steps_domain())
        if not (steps and orders):
            return result
        for order in orders.sudo():
            # Who was asked once is asked again: the reasons why are the salesperson's to edit
            result[order.id] |= order.review_ids[:1].signoff_ids.step_id & steps
        rule_classes = self.env["order.class"]._match_orders(orders)
        for step in steps:
            candidates = orders.filtered(
                lambda order, step=step: step._applies_to(
                    order.company_id, rule_classes[order.id] | order.sudo().class_id
                )
            )
            if candidates:
                for order in step._filter_orders(candidates):
                    result[order.id] |= step
        return {order_id: found.sorted() for order_id, found in result.items()}

    def _applies_to(self, company, classes):
        self.ensure_one()
        return (not self.company_id or self.company_id == company) and (
            not self.class_ids or bool(self.class_ids & classes)
        )
