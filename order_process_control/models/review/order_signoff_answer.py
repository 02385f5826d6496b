from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.empty_list import get_empty_help
from .fact import PASS
from .order_review_criterion import ASPECTS, KINDS, VISIBILITIES

MANUAL_RESULTS = ("pass", "fail", "not_applicable")


class OrderSignoffAnswer(models.Model):
    """A criterion as it was when the round began, and what was found or answered (R-103, R-113)."""

    _name = "order.signoff.answer"
    _description = "Sign-off Answer"
    _inherit = "order.kept.mixin"
    _order = "signoff_id, sequence, id"

    signoff_id = fields.Many2one(
        "order.signoff", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="signoff_id.company_id")
    criterion_id = fields.Many2one("order.review.criterion", readonly=True, ondelete="set null")
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Question", required=True, readonly=True)
    aspect = fields.Selection(ASPECTS, readonly=True)
    guidance = fields.Text(readonly=True)
    kind = fields.Selection(KINDS, readonly=True, required=True)
    is_required = fields.Boolean(string="Mandatory", readonly=True)
    check_code = fields.Char(readonly=True)
    threshold = fields.Float(readonly=True)
    blocking = fields.Boolean(string="Must be in Order", readonly=True)
    visibility = fields.Selection(VISIBILITIES, readonly=True)
    result = fields.Selection(
        [
            ("pass", "In Order"),
            ("warn", "Warning"),
            ("fail", "Not in Order"),
            ("unknown", "Could not be Checked"),
            ("not_applicable", "Not Applicable"),
        ],
        readonly=True,
    )
    checked_at = fields.Datetime(string="Checked On", readonly=True)
    # What was found, for whom it may concern: see _compute_evidence
    kept_evidence = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    figures = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    sources = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    evidence = fields.Text(compute="_compute_evidence")
    source_names = fields.Json(compute="_compute_evidence")
    note = fields.Text(readonly=True)

    @api.depends("kept_evidence", "visibility")
    @api.depends_context("uid", "lang")
    def _compute_evidence(self):
        """Show the figures to everyone on the order, or only to whom they concern."""
        hidden = self._filter_hidden()
        for answer in self:
            # sudo: the kept evidence is readable through this method alone
            kept = answer.sudo()
            sources = [] if answer in hidden else kept.sources or []
            answer.source_names = [source["name"] for source in sources]
            answer.evidence = (
                self.env._("Only %s sees the figures.", kept.signoff_id.name)
                if answer in hidden
                else kept.kept_evidence
            )

    def _filter_hidden(self):
        """Return the answers whose figures are not for the current user."""
        # sudo: whose figures they are is asked before they are shown
        private = self.filtered(lambda answer: answer.sudo().visibility == "department")
        groups = ("manager", "auditor")
        if not private or any(
            self.env.user.has_group(f"order_process_control.group_order_{name}") for name in groups
        ):
            return self.browse()
        own = private.sudo().signoff_id._filter_own(self.env.user)
        return private.filtered(lambda answer: answer.sudo().signoff_id not in own)

    def _record(self, answers):
        """Write what the reviewer answered; called by the decision, as superuser.

        :param answers: see ``order.signoff.action_approve``
        :raise UserError: for an answer that does not belong to these sign-offs, to a question
            that Odoo answers itself, or with a result that is no answer.
        """
        recorded = {}
        manual = {answer.id: answer for answer in self if answer.kind == "manual"}
        for value in answers if isinstance(answers, list | tuple) else [answers]:
            given = value if isinstance(value, dict) else {}
            answer = manual.get(given["id"]) if isinstance(given.get("id"), int) else None
            if not answer or given.get("result") not in [*MANUAL_RESULTS, None, False]:
                raise UserError(
                    self.env._(
                        "One of the answers does not fit the questions of this sign-off. Reload"
                        " the page and answer again."
                    )
                )
            recorded[answer] = {
                "result": given.get("result") or False,
                "note": self.env["order.signoff"]._clean_text(given.get("note")),
            }
        self.browse(answer.id for answer in recorded)._update_rows(list(recorded.values()))

    # === FACTS (as superuser) ===#

    def _refresh(self):
        """Run the automatic checks among these answers again, each once for all orders."""
        facts = self.filtered(lambda answer: answer.kind == "automatic" and answer.criterion_id)
        if not facts:
            return
        values = {
            answer.criterion_id.id: {
                "criterion_id": answer.criterion_id.id,
                "check_code": answer.check_code,
                "threshold": answer.threshold,
            }
            for answer in facts
        }
        criteria = self.env["order.review.criterion"]._browse_configured([*values.values()])
        found = criteria._run_checks(facts.signoff_id.order_id)
        facts._update_rows(
            [
                self._prepare_fact_vals(
                    found[answer.criterion_id.id][answer.signoff_id.order_id.id]
                )
                for answer in facts
            ]
        )

    @api.model
    def _prepare_fact_vals(self, fact):
        """Return the values that keep a :class:`Fact`."""
        return {
            "result": fact.result,
            "kept_evidence": fact.evidence,
            "figures": fact.figures or None,
            "sources": [source._asdict() for source in fact.sources] or None,
            "checked_at": fields.Datetime.now(),
        }

    def _is_green(self):
        """Tell whether these are facts, at least one, and every one of them is in order."""
        facts = self.filtered(lambda answer: answer.kind == "automatic")
        return bool(facts) and set(facts.mapped("result")) == {PASS}

    @api.readonly
    def action_open_source(self, number=0):
        """Open the records behind a figure, with the rights of the user.

        :param int number: which of the sources, 0 for the first
        :return: a window action
        :raise UserError: when there is nothing to open, or the user may not read those records
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: readable for whom the figures concern
        sources = [] if self._filter_hidden() else (self.sudo().sources or [])
        if type(number) is not int or not 0 <= number < len(sources):
            raise UserError(self.env._("There are no records behind this figure."))
        source = sources[number]
        if source["model"] not in self.env or not self.env[source["model"]].has_access("read"):
            raise UserError(
                self.env._(
                    "You have no access to “%s”: ask a colleague who works with them.",
                    source["name"],
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": source["name"],
            "res_model": source["model"],
            "views": [(False, "list"), (False, "form")],
            "domain": source["domain"],
            "context": {"create": False},
            "help": get_empty_help(
                self.env._("Nothing is behind this figure any more"),
                self.env._(
                    "The figure is of the time when it was looked up; these records have changed"
                    " since."
                ),
            ),
        }
