from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import frozendict

from .sale_order_content import ASPECTS

DECISION_RULES = [
    ("any", "One of Them"),
    ("all", "All of Them"),
    ("number", "At Least a Number of Them"),
    ("manager", "The Manager of the Department"),
]


class OrderReviewStep(models.Model):
    """A department that signs before an order is confirmed (R-090, R-102, R-119 .. R-143)."""

    _name = "order.review.step"
    _description = "Order Review Step"
    _inherit = ["order.rule.mixin", "order.configuration.mixin"]
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
    # === HOW IT IS DECIDED ===#

    decision_rule = fields.Selection(
        DECISION_RULES,
        string="Signed by",
        default="any",
        required=True,
        help="How many of those who can sign have to approve. One rejection is always enough.",
    )
    required_count = fields.Integer(
        string="Signatures", default=2, help="How many of them have to approve."
    )
    is_final = fields.Boolean(
        string="Final Approval",
        help="Asked after all other departments (R-131, R-139), and the one who decides when the"
        " customer refuses what a rejection asks for (R-082).",
    )

    auto_approve = fields.Boolean(
        string="Signs Itself",
        help="Signed by the system when every fact is in order and no mandatory question is left"
        " for a person.",
    )

    # === WHAT IT WATCHES ===#

    watched_aspects = fields.Char(
        help="Comma-separated: customer, addresses, goods, price, dates, class. Empty: everything."
    )
    watches_customer = fields.Boolean(
        string="Customer", compute="_compute_watches", inverse="_inverse_watches"
    )
    watches_addresses = fields.Boolean(
        string="Addresses", compute="_compute_watches", inverse="_inverse_watches"
    )
    watches_goods = fields.Boolean(
        string="Products and Quantities", compute="_compute_watches", inverse="_inverse_watches"
    )
    watches_price = fields.Boolean(
        string="Price and Terms", compute="_compute_watches", inverse="_inverse_watches"
    )
    watches_dates = fields.Boolean(
        string="Dates", compute="_compute_watches", inverse="_inverse_watches"
    )
    watches_class = fields.Boolean(
        string="Class, Channel and Salesperson",
        compute="_compute_watches",
        inverse="_inverse_watches",
    )
    tolerance_percent = fields.Float(
        string="Tolerated Change (%)",
        help="Quantity, price and amount of a line may change by so much without asking again.",
    )
    tolerance_amount = fields.Float(
        string="Tolerated Amount",
        help="In the company's currency: all changes of the lines together, since the last"
        " signature.",
    )
    tolerance_days = fields.Integer(
        string="Tolerated Days", help="So much may the promised date move without asking again."
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
    @api.depends_context("lang")
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

    @api.depends("watched_aspects")
    def _compute_watches(self):
        for step in self:
            watched = step._get_watched_aspects()
            for aspect in ASPECTS:
                step[f"watches_{aspect}"] = aspect in watched

    def _inverse_watches(self):
        for step in self:
            chosen = [aspect for aspect in ASPECTS if step[f"watches_{aspect}"]]
            step.watched_aspects = ",".join(chosen) if len(chosen) < len(ASPECTS) else False

    def _get_watched_aspects(self):
        """Return the codes of the aspects this step watches; nothing chosen means all."""
        self.ensure_one()
        chosen = {code.strip() for code in (self.watched_aspects or "").split(",")}
        return [aspect for aspect in ASPECTS if aspect in chosen] or list(ASPECTS)

    @api.constrains("watched_aspects")
    def _check_watched_aspects(self):
        for step in self:
            codes = {code.strip() for code in (step.watched_aspects or "").split(",")} - {""}
            unknown = codes - set(ASPECTS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(codes)s” is no aspect of an order. Use: %(known)s.",
                        codes=", ".join(sorted(unknown)),
                        known=", ".join(ASPECTS),
                    )
                )

    @api.constrains("tolerance_percent", "tolerance_amount", "tolerance_days", "required_count")
    def _check_limits(self):
        for step in self:
            if min(step.tolerance_percent, step.tolerance_amount, step.tolerance_days) < 0:
                raise ValidationError(
                    self.env._("A tolerance of “%s” is negative: use 0 for none.", step.name)
                )
            if step.decision_rule == "number" and step.required_count < 1:
                raise ValidationError(
                    self.env._("Say how many have to sign for “%s”: at least one.", step.name)
                )

    def _is_open_to(self, user):
        """Tell whether ``user`` reads what only this department and managers shall read."""
        self.ensure_one()
        groups = ("manager", "auditor")
        if any(user.has_group(f"order_process_control.group_order_{name}") for name in groups):
            return True
        # sudo: steps and employees are not for everybody to read; only yes or no is told
        step, employees = self.sudo(), user.sudo().employee_ids
        return (
            user in step.reviewer_ids
            or step.department_id in employees.department_id
            or step.department_id.manager_id in employees
            and bool(step.department_id.manager_id)
        )

    # === CONFIGURATION, READ ONCE ===#

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_configuration(self):
        """Return ``{step id: values}`` of all active steps in signing order.

        Read once and kept until a step or a criterion changes: every order is judged by them.
        """
        # sudo: steps are configuration that a salesperson or a customer does not read;
        # active_test: a context sent by the client must not hide or revive any
        steps = self.sudo().with_context(active_test=True).search(self._get_steps_domain())
        ordered = steps.sorted(lambda step: (step.is_final, step.sequence, step.id))
        return frozendict({step.id: frozendict(step._prepare_configuration()) for step in ordered})

    def _prepare_configuration(self):
        """Return what a round copies of this step, and the rule that says when it applies."""
        self.ensure_one()
        criteria = [frozendict(criterion._prepare_copy()) for criterion in self.criterion_ids]
        copied = self._prepare_copy()
        return {
            "rule": self._get_rule_or_none(),
            "company_id": self.company_id.id,
            "class_ids": frozenset(self.class_ids.ids),
            "copy": frozendict(copied),
            "criteria": tuple(criteria),
            "limits": frozendict(
                percent=self.tolerance_percent,
                amount=self.tolerance_amount,
                days=self.tolerance_days,
            ),
            "aspects": tuple(self._get_watched_aspects()),
            # What was signed under other questions or rules is asked again
            "digest": self.env["sale.order"]._get_fingerprint(
                [
                    self.decision_rule,
                    self.required_count,
                    self.department_id.id,
                    sorted(
                        (c["criterion_id"], c["kind"], c["check_code"], c["is_required"], name)
                        for c, name in zip(criteria, self._get_question_terms(), strict=True)
                    ),
                ]
            ),
        }

    def _get_question_terms(self):
        """Return the questions as they were first written, whatever the reader's language."""
        return self.with_context(lang=None).criterion_ids.mapped(lambda c: c.name)

    def _prepare_copy(self):
        """Return the values that a sign-off keeps of its step."""
        self.ensure_one()
        return {
            "step_id": self.id,
            "name": self.name,
            "sequence": self.sequence,
            "department_id": self.department_id.id,
            "reviewer_ids": self.reviewer_ids.ids,
            "allow_requester": self.allow_requester,
            "decision_rule": self.decision_rule,
            "required_count": self.required_count,
            "is_final": self.is_final,
            "auto_approve": self.auto_approve,
        }

    # === WHICH STEPS APPLY ===#

    @api.model
    def _get_steps_domain(self):
        """Return which steps take part in the review of an order."""
        return Domain.TRUE

    @api.model
    def _get_steps_by_order(self, orders, history=None, matched=None):
        """Return ``{order id: steps in signing order}``, in a constant number of queries.

        Classes are matched anew, and the class chosen by hand counts beside the one that the
        rules say: choosing another class adds steps but never takes any away. Who was asked once
        is asked again: the reasons why are the salesperson's to edit.

        :param history: ``order.review._read_history`` of the orders
        :param matched: rows of :meth:`_get_rules_query`; what is not given is read here
        """
        configuration = self._get_configuration()
        if not (configuration and orders):
            return dict.fromkeys(orders._ids, self.browse())
        # sudo: the class and company of an order, whoever asks
        orders = orders.sudo()
        if history is None:
            history, matched = orders._read_requirements()
        elif matched is None:
            query = self._get_rules_query(orders)
            matched = self.env.execute_query(query) if query else ()
        classes, matched_steps = self._apply_rules(orders, matched)
        return {
            order.id: self.browse(
                step_id
                for step_id, values in configuration.items()
                if step_id in history[order.id].last_steps
                or (
                    order.id in matched_steps[step_id]
                    and self._applies_to(values, order, classes[order.id] | order.class_id)
                )
            )
            for order in orders
        }

    @api.model
    def _get_all_rules(self):
        """Return the rules of the steps and of the classes that these depend on, each by id."""
        steps = {step_id: values["rule"] for step_id, values in self._get_configuration().items()}
        rules = self.env["order.class"]._get_rules()
        classes = {class_id: rule for class_id, _company, rule in rules}
        return steps, classes

    @api.model
    def _get_rules_query(self, orders):
        """Return the query of (rule, id of an order that it matches), or None without rules."""
        steps, classes = self._get_all_rules()
        _known, steps = self._split_rules(orders, steps)
        _known, classes = self.env["order.class"]._split_rules(orders, classes)
        rules = {f"step {step_id}": rule for step_id, rule in steps.items()}
        rules |= {f"class {class_id}": rule for class_id, rule in classes.items()}
        return self._get_match_query(orders, rules) if rules else None

    @api.model
    def _apply_rules(self, orders, matched):
        """Return (``{order id: class}``, ``{step id: set of order ids}``) of what matches.

        :param matched: rows of :meth:`_get_rules_query`
        """
        steps, classes = self._get_all_rules()
        sets = {
            "step": self._split_rules(orders, steps)[0],
            "class": self.env["order.class"]._split_rules(orders, classes)[0],
        }
        for rule, order_id in matched or ():
            kind, _space, rule_id = rule.partition(" ")
            sets[kind][int(rule_id)].add(order_id)
        return self.env["order.class"]._choose_classes(orders, sets["class"]), sets["step"]

    @api.model
    def _applies_to(self, values, order, classes):
        """Tell whether a step of :meth:`_get_configuration` signs such an order at all."""
        return self._is_meant_for(values, order, classes)

    @api.model
    def _is_meant_for(self, values, order, classes):
        """Tell whether company and class of an order are those of a step."""
        return (not values["company_id"] or values["company_id"] == order.company_id.id) and (
            not values["class_ids"] or not values["class_ids"].isdisjoint(classes._ids)
        )
