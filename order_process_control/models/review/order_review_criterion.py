import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from .fact import UNKNOWN, Fact

_logger = logging.getLogger(__name__)

# Copied into the answers of each round: see order.signoff.answer
ASPECTS = [
    ("accuracy", "Accuracy"),
    ("compliance", "Compliance"),
    ("executability", "Executability"),
]
KINDS = [("manual", "Answered by the Reviewer"), ("automatic", "Checked by Odoo")]
VISIBILITIES = [
    ("everyone", "Everyone on the Order"),
    ("department", "This Department and Managers"),
]


class OrderReviewCriterion(models.Model):
    """A question that a department answers when it signs, or a fact that Odoo looks up
    (R-080, R-099 .. R-106, R-119 .. R-127)."""

    _name = "order.review.criterion"
    _description = "Order Review Criterion"
    _inherit = "order.configuration.mixin"
    _order = "sequence, id"

    step_id = fields.Many2one("order.review.step", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="step_id.company_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(string="Question", required=True, translate=True)
    aspect = fields.Selection(ASPECTS, default="accuracy", required=True)
    guidance = fields.Text(translate=True, help="What the reviewer should look at (R-103).")
    kind = fields.Selection(KINDS, default="manual", required=True)
    is_required = fields.Boolean(
        string="Mandatory", default=True, help="An approval needs an answer to this question."
    )
    check_code = fields.Selection(
        selection="_selection_check_code",
        string="Check",
        help="What Odoo looks up, with the figures it finds.",
    )
    check_hint = fields.Char(compute="_compute_check_hint")
    threshold = fields.Float(help="The limit of the check; what it means is said beside it.")
    blocking = fields.Boolean(
        string="Must be in Order", help="An order that fails this check cannot be submitted."
    )
    visibility = fields.Selection(
        VISIBILITIES, default="everyone", required=True, help="Who reads the figures found."
    )

    @api.model
    def _get_checks(self):
        """Return ``{code: (label, what it looks at and what its threshold means)}``.

        Each code is answered by a method ``_check_<code>(orders)``, called on one criterion as
        superuser: it reads all ``orders`` in a number of queries that does not grow with them,
        takes ``self.threshold`` (0: none set) and returns ``{order id: Fact}``.
        """
        return {}

    @api.model
    def _selection_check_code(self):
        return [(code, label) for code, (label, _hint) in self._get_checks().items()]

    @api.depends("check_code")
    @api.depends_context("lang")
    def _compute_check_hint(self):
        checks = self._get_checks()
        for criterion in self:
            criterion.check_hint = checks.get(criterion.check_code, (False, False))[1]

    @api.constrains("kind", "check_code")
    def _check_automatic_has_code(self):
        for criterion in self:
            if criterion.kind == "automatic" and not criterion.check_code:
                raise ValidationError(
                    self.env._("Choose what Odoo shall check for “%s”.", criterion.name)
                )

    # === AUTOMATIC CHECKS ===#

    def _run_checks(self, orders):
        """Run these automatic checks (as superuser) on all ``orders``, equal ones once.

        Checks only read. One that raises says ``unknown`` and why: a broken check neither stops
        an order nor lets it pass unseen.

        :return: ``{criterion id: {order id: Fact}}``
        """
        facts = {}
        if not self:
            return facts
        try:
            with self.env.cr.savepoint(flush=False):
                for key, criteria in self._grouped_by_check():
                    facts[key] = criteria[:1]._run_check(orders)
        except psycopg2.Error:
            # The database refuses everything after an error: once more, each on its own
            for key, criteria in self._grouped_by_check():
                facts[key] = criteria[:1]._run_check_apart(orders)
        return {
            criterion.id: facts[key]
            for key, criteria in self._grouped_by_check()
            for criterion in criteria
        }

    @api.model
    def _look_up(self, code, orders):
        """Run one check without a criterion, for who needs its answer; see :meth:`_run_checks`.

        :return: ``{order id: Fact}``
        """
        if not orders:
            return {}
        criterion = self.new({"check_code": code})
        return criterion._run_checks(orders)[criterion.id]

    def _grouped_by_check(self):
        return self.grouped(lambda c: (c.check_code, c.threshold)).items()

    def _run_check(self, orders):
        try:
            found = getattr(self, f"_check_{self.check_code}")(orders)
            return {order_id: found[order_id] for order_id in orders._ids}
        except psycopg2.Error:
            raise
        except Exception as error:
            _logger.warning("The check %s failed", self.check_code, exc_info=True)
            return self._get_unknown(orders, error)

    def _run_check_apart(self, orders):
        try:
            with self.env.cr.savepoint(flush=False):
                return self._run_check(orders)
        except psycopg2.Error as error:
            if error.pgcode in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
            return self._get_unknown(orders, error)

    def _get_unknown(self, orders, reason):
        evidence = self.env._("Could not be checked: %s", reason or self.check_code)
        return dict.fromkeys(orders._ids, Fact(UNKNOWN, evidence))

    @api.model
    def _browse_configured(self, values_list):
        """Return the criteria of ``_prepare_copy`` values without reading them again."""
        criteria = self.browse(values["criterion_id"] for values in values_list)
        for criterion, values in zip(criteria, values_list, strict=True):
            for name in ("check_code", "threshold"):
                self._fields[name]._update_cache(criterion, values[name])
        return criteria

    # === CONFIGURATION ===#

    def _prepare_copy(self):
        """Return the values that an answer keeps of its criterion."""
        self.ensure_one()
        return {
            "criterion_id": self.id,
            "sequence": self.sequence,
            "name": self.name,
            "aspect": self.aspect,
            "guidance": self.guidance,
            "kind": self.kind,
            "is_required": self.is_required,
            "check_code": self.check_code,
            "threshold": self.threshold,
            "blocking": self.blocking,
            "visibility": self.visibility,
        }
