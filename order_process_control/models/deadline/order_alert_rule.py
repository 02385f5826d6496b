from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import formatLang

from .indicator import get_indicator
from .order_alert_recipients import LEVEL_CHOICES

# Written by the check alone
RUN_FIELDS = {"last_run", "failures", "error", "found_count", "is_cut"}
# The largest threshold by unit: ten years, a day, anything else
LARGEST = {"hours": 87600, "days": 3650, "clock": 24, "percent": 100}


class OrderAlertRule(models.Model):
    """What is an alarming fact, how bad it is, who is told and who settles it (R-300 .. R-311).

    The facts are looked for by indicators, see ``indicator.py``; ``order_alert_rule_run.py``
    checks the rules.
    """

    _name = "order.alert.rule"
    _description = "Alert Rule"
    _inherit = ["order.alert.recipients"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    indicator = fields.Selection(
        [], string="Looks for", required=True, help="What is looked for in the data of the company."
    )
    threshold = fields.Float(
        string="Limit", help="From where on it alarms: in hours, days, money... as said beside."
    )
    unit = fields.Char(compute="_compute_words")
    unit_kind = fields.Char(compute="_compute_words")
    limit_text = fields.Char(string="Limit in Words", compute="_compute_words")
    description = fields.Char(string="In Words", compute="_compute_words")
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to watch all companies by the same rule."
    )
    level = fields.Selection(
        LEVEL_CHOICES,
        string="Starts as",
        required=True,
        default="1",
        help="How bad it is when it is found (R-301).",
    )
    important_after = fields.Float(
        string="Important After (hours)",
        help="A general alert that nobody has resolved by then becomes important; 0: never.",
    )
    emergency_after = fields.Float(
        string="Emergency After (hours)",
        help="An alert that nobody has resolved so many hours after it was raised becomes an"
        " emergency; 0: never.",
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Department in Charge",
        domain="[('company_id', 'in', (company_id, False))] if company_id else []",
        ondelete="restrict",
        help="Its manager is told as the department manager; empty: the owner's department.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "order_alert_rule_user_rel",
        string="Designated Persons",
        domain="[('share', '=', False)]",
        help="Told at every level, whoever else is (R-308).",
    )
    resolver_ids = fields.Many2many(
        "res.users",
        "order_alert_rule_resolver_rel",
        string="Resolved by",
        domain="[('share', '=', False)]",
        help="Who says that an alert is settled, and how (R-311). Nobody and no group: who was told"
        " of it, the department's manager and process managers.",
    )
    resolver_group_ids = fields.Many2many(
        "res.groups", string="Resolved by Members of", help="Or by anybody with one of these roles."
    )

    last_run = fields.Datetime(string="Last Checked", readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False, help="Checks in a row that failed.")
    error = fields.Char(string="Last Error", readonly=True, copy=False)
    found_count = fields.Integer(
        string="Found", readonly=True, copy=False, help="How many it found the last time."
    )
    is_cut = fields.Boolean(
        string="Found Too Many",
        readonly=True,
        copy=False,
        help="More was found than is reported at a time: choose another limit.",
    )

    open_alert_count = fields.Integer(compute="_compute_open_alert_count")

    _steps_not_negative = models.Constraint(
        "CHECK(important_after >= 0 AND emergency_after >= 0)",
        "An alert climbs some hours after it was raised, or with 0 never.",
    )

    # === WORDS ===#

    @api.depends("indicator", "threshold", "company_id.currency_id")
    @api.depends_context("lang", "company")
    def _compute_words(self):
        for rule in self:
            indicator = get_indicator(rule, rule.indicator)
            rule.unit_kind = indicator.unit
            rule.unit = rule._get_unit_words(indicator.unit)
            rule.limit_text = rule._get_limit_words(indicator.unit)
            text = self.env._(indicator.description) if indicator.description else ""
            rule.description = text.replace("%(limit)s", rule.limit_text)

    def _get_unit_words(self, unit):
        currency = (self.company_id or self.env.company).currency_id
        return {
            "hours": self.env._("hours"),
            "days": self.env._("days"),
            "clock": self.env._("o'clock"),
            "amount": currency.name,
            "quantity": self.env._("pieces or other units"),
            "percent": "%",
        }.get(unit, "")

    def _get_limit_words(self, unit):
        """Say the threshold: "24 hours", "22:00", "$ 10,000.00"."""
        if unit == "none":
            return ""
        if unit == "clock":
            hour, minute = divmod(round(self.threshold * 60), 60)
            return f"{hour:02}:{minute:02}"
        if unit == "amount":
            currency = (self.company_id or self.env.company).currency_id
            return formatLang(self.env, self.threshold, currency_obj=currency)
        number = self._say_number(self.threshold)
        if unit == "percent":
            return f"{number} %"
        if unit in ("hours", "days") and self.threshold == 1:
            return self.env._("1 hour") if unit == "hours" else self.env._("1 day")
        return number if unit == "quantity" else f"{number} {self._get_unit_words(unit)}"

    def _compute_open_alert_count(self):
        """Of the alerts that the user may read."""
        counts = dict(
            self.env["order.alert"]._read_group(
                [("rule_id", "in", self.ids), ("state", "!=", "resolved")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.open_alert_count = counts.get(rule._origin, 0)

    # === RULES ===#

    @api.constrains("threshold", "indicator")
    def _check_threshold(self):
        """:raise ValidationError: for a limit outside of what its unit can be"""
        for rule in self:
            largest = LARGEST.get(get_indicator(rule, rule.indicator).unit, 1e12)
            # Said this way round because nothing is true of what is not a number
            if not 0 <= rule.threshold <= largest:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: choose a limit from 0 to %(largest)s.",
                        rule=rule.name,
                        largest=rule._say_number(largest),
                    )
                )

    @api.constrains("department_id", "company_id")
    def _check_department(self):
        """A rule of all companies may have a department: it is in charge where it works.

        :raise ValidationError: for the department of another company
        """
        for rule in self:
            companies = rule.company_id | rule.sudo().department_id.company_id
            if rule.company_id and companies != rule.company_id:
                raise ValidationError(
                    self.env._(
                        "%(department)s is of another company than %(rule)s.",
                        department=rule.department_id.name,
                        rule=rule.name,
                    )
                )

    @api.constrains("user_ids", "resolver_ids")
    def _check_people(self):
        """:raise ValidationError: for customers, who have no business with alerts"""
        for user in (self.user_ids | self.resolver_ids).filtered("share"):
            raise ValidationError(
                self.env._("%s is not a colleague: choose internal users.", user.name)
            )

    @api.onchange("indicator")
    def _onchange_indicator(self):
        if self.indicator and not self.name:
            labels = dict(self._fields["indicator"]._description_selection(self.env))
            self.name = labels[self.indicator]

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Explicit: a default of the client's own is as good as a value
            vals_list = [{**vals, **dict.fromkeys(RUN_FIELDS, False)} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in RUN_FIELDS}
        if "indicator" in vals:
            self._check_not_used(vals["indicator"])
        gone = self.filtered("active") if vals.get("active") is False else self.browse()
        result = super().write(vals)
        gone._clear_all()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        """:raise UserError: alerts are kept for ever, and say which rule has raised them"""
        # sudo: whoever may read them, they are there
        used = self.env["order.alert"].sudo().search([("rule_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "“%s” has raised alerts, and they are kept: archive the rule instead.",
                    used.rule_id.name,
                )
            )

    def _check_not_used(self, indicator):
        """:raise UserError: when alerts of another indicator would seem to be of this one"""
        changed = self.filtered(lambda rule: rule.indicator != indicator)
        # sudo: whoever may read them, they are there
        used = self.env["order.alert"].sudo().search([("rule_id", "in", changed.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "“%s” has raised alerts: archive it, and create another rule for what is to be"
                    " looked for now.",
                    used.rule_id.name,
                )
            )
