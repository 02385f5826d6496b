from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ...models.order.empty_list import get_empty_help


class OrderProcessHealth(models.TransientModel):
    """What keeps the process of a company from working: found anew whenever it is opened."""

    _name = "order.process.health"
    _description = "Health of the Order Process"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    is_on = fields.Boolean(related="company_id.order_process_active")
    checked_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("order.process.health.line", "health_id", readonly=True)

    @api.depends("company_id")
    def _compute_name(self):
        self.name = self.env._("Health")

    @api.model
    def action_open(self):
        """Return the action that shows the health of the current company.

        :raise AccessError: for everybody but the process manager
        """
        self._check_may_see()
        health = self.create({})
        health.action_check()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Health"),
            "res_model": self._name,
            "res_id": health.id,
            "view_mode": "form",
        }

    @api.model
    def _check_may_see(self):
        if not self.env.user.has_group("order_process_control.group_order_manager"):
            raise AccessError(self.env._("Only process managers look after the process."))

    def action_check(self):
        """Look again.

        :return: True
        """
        self.ensure_one()
        self._check_may_see()
        health = self.with_company(self.company_id)
        self.write(
            {
                "checked_at": fields.Datetime.now(),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create({**vals, "sequence": sequence})
                        for sequence, vals in enumerate(health._find_problems())
                    ),
                ],
            }
        )
        return True

    def action_switch_on(self):
        """Switch the process of the company on.

        :return: True
        """
        self.ensure_one()
        self.company_id.action_start_order_process()
        return self.action_check()

    def action_switch_off(self):
        """Switch the process of the company off; nothing is lost.

        :return: True
        """
        self.ensure_one()
        self.company_id.action_stop_order_process()
        return self.action_check()

    # === WHAT IS LOOKED FOR ===#

    def _find_problems(self):
        """Return the values of one line a problem; what is added here is shown."""
        self.ensure_one()
        return [
            *self._find_switched_off(),
            *self._find_unreadable_rules(),
            *self._find_steps_without_signer(),
            *self._find_stranded_signoffs(),
            *self._find_unchecked_facts(),
            *self._find_stopped_actions(),
        ]

    def _get_steps(self):
        return self.env["order.review.step"].search([("company_id", "in", self._get_company_ids())])

    def _get_company_ids(self):
        """Return whose configuration holds here: the company's and the shared."""
        return [False, self.company_id.id]

    def _find_switched_off(self):
        if not self.company_id.order_process_active:
            return [
                {
                    "kind": "off",
                    "severity": "danger",
                    "what": self.env._("The order process is switched off."),
                    "consequence": self.env._("Quotations are confirmed without any review."),
                }
            ]
        if not self._get_steps():
            return [
                {
                    "kind": "empty",
                    "severity": "danger",
                    "what": self.env._("There is no review step."),
                    "consequence": self.env._("Quotations are confirmed without any review."),
                }
            ]
        return []

    def _find_unreadable_rules(self):
        steps = self._get_steps()
        classes = self.env["order.class"].search([("company_id", "in", self._get_company_ids())])
        return [
            {
                "kind": "record",
                "severity": "danger",
                "what": self.env._(
                    "The rule of “%(name)s” cannot be read any more: %(error)s",
                    name=record.name,
                    error=record.rule_error,
                ),
                "consequence": consequence,
                "res_model": record._name,
                "res_ids": record.ids,
            }
            for records, consequence in (
                (steps, self.env._("The step is asked for every order of its classes.")),
                (classes, self.env._("No order gets this class by itself.")),
            )
            for record in records
            if record.rule_error
        ]

    def _find_steps_without_signer(self):
        return [
            {
                "kind": "record",
                "severity": "warning",
                "what": step.signer_warning,
                "consequence": self.env._("Its orders wait for a manager who stands in."),
                "res_model": step._name,
                "res_ids": step.ids,
            }
            for step in self._get_steps()
            if step.signer_warning
        ]

    def _find_stranded_signoffs(self):
        # sudo: all open sign-offs of the company, in one look
        pending = self.env["order.signoff"].sudo()
        pending = pending.search(
            [("state", "=", "pending"), ("company_id", "=", self.company_id.id)]
        )
        stranded = pending._filter_stranded()
        candidates = stranded._get_candidates()
        lines = []
        for name, signoffs in stranded.grouped("name").items():
            people = self.env["res.users"].union(*(candidates[id_] for id_ in signoffs.ids))
            lines.append(
                {
                    "kind": "stranded",
                    "severity": "warning" if people else "danger",
                    "what": self.env._(
                        "Open sign-offs of %(name)s that nobody who was meant to can sign:"
                        " %(number)s.",
                        number=len(signoffs),
                        name=name,
                    ),
                    "consequence": self.env._(
                        "Asked instead: %s", ", ".join(people.sudo().mapped("name"))
                    )
                    if people
                    else self.env._("Nobody is asked: these orders wait for ever."),
                    "res_model": "order.signoff",
                    "res_ids": signoffs.ids,
                }
            )
        return lines

    def _find_unchecked_facts(self):
        # sudo: answers of all departments, of which their number and reason are told
        answers = self.env["order.signoff.answer"].sudo()
        answers = answers.search(
            [
                ("result", "=", "unknown"),
                ("signoff_id.state", "in", ("waiting", "pending")),
                ("signoff_id.company_id", "=", self.company_id.id),
            ]
        )
        return [
            {
                "kind": "record",
                "severity": "warning",
                "what": self.env._(
                    "“%(name)s” could not be checked. Open sign-offs concerned: %(number)s.",
                    name=name,
                    number=len(found.signoff_id),
                ),
                "consequence": self.env._(
                    "Departments sign without this fact. %s", found[:1].evidence or ""
                ).strip(),
                "res_model": "order.signoff",
                "res_ids": found.signoff_id.ids,
            }
            for name, found in answers.grouped("name").items()
        ]

    def _find_stopped_actions(self):
        """Name the addon's scheduled actions that do not run."""
        # sudo: scheduled actions are for administrators; that they stand still is for managers
        data = self.env["ir.model.data"].sudo()
        data = data.search([("module", "=", "order_process_control"), ("model", "=", "ir.cron")])
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        stopped = crons.search(
            [
                ("id", "in", data.mapped("res_id")),
                "|",
                ("active", "=", False),
                ("failure_count", ">", 0),
            ]
        )
        return [
            {
                "kind": "cron",
                "severity": "warning",
                "what": self.env._("The scheduled action “%s” does not run.", cron.name)
                if not cron.active
                else self.env._(
                    "The scheduled action “%(name)s” has failed %(number)s times.",
                    name=cron.name,
                    number=cron.failure_count,
                ),
                "consequence": self.env._("What it does every day is not done."),
                "res_model": cron._name,
                "res_ids": cron.ids,
            }
            for cron in stopped
        ]


class OrderProcessHealthLine(models.TransientModel):
    """One problem: what it is, what it leads to, and the way to mend it."""

    _name = "order.process.health.line"
    _description = "Problem of the Order Process"
    _order = "sequence, id"

    health_id = fields.Many2one("order.process.health", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="health_id.company_id", store=True)
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("off", "Switched Off"),
            ("empty", "Without Steps"),
            ("record", "To be Mended"),
            ("stranded", "Without Signer"),
            ("cron", "Scheduled Action"),
        ],
        required=True,
    )
    severity = fields.Selection([("danger", "Serious"), ("warning", "Attention")], required=True)
    what = fields.Text(required=True)
    consequence = fields.Text()
    res_model = fields.Char()
    res_ids = fields.Json()
    button = fields.Char(compute="_compute_button")

    @api.depends("kind")
    def _compute_button(self):
        labels = {
            "off": self.env._("Switch On"),
            "empty": self.env._("Set Up"),
            "stranded": self.env._("Reassign"),
            "record": self.env._("View"),
            "cron": self.env.user.has_group("base.group_system") and self.env._("View"),
        }
        for line in self:
            line.button = labels.get(line.kind)

    def action_mend(self):
        """Do, or lead to, what mends the problem.

        :return: an action, or True
        """
        self.ensure_one()
        self.health_id._check_may_see()
        if self.kind == "off":
            return self.health_id.action_switch_on()
        if self.kind == "empty":
            return self.env["order.process.setup"].action_open()
        if self.kind == "stranded":
            return self.env["order.process.reassign"]._open(self)
        return self._get_records_action()

    def _get_records_action(self):
        ids = self.res_ids or []
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("To be Mended"),
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": [("id", "in", ids)],
            # What is switched off is to be seen as well
            "context": {"active_test": False},
            "help": get_empty_help(
                self.env._("Nothing is left to mend"),
                self.env._("Go back and press Check Again: somebody has mended it meanwhile."),
            ),
        }
        if len(ids) == 1:
            action |= {"view_mode": "form", "res_id": ids[0]}
        return action
