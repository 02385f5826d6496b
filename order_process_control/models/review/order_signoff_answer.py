from odoo import fields, models
from odoo.exceptions import UserError

from .order_review_criterion import ASPECTS, KINDS

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
    evidence = fields.Text(readonly=True)
    note = fields.Text(readonly=True)

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
