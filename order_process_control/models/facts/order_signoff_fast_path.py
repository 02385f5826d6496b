from odoo import api, fields, models

from ..review.fact import PASS


class OrderSignoff(models.Model):
    """Departments that need not be asked about a regular order of goods in stock (R-078)."""

    _inherit = "order.signoff"

    on_fast_path = fields.Boolean(
        readonly=True, help="The system signs: everything that is ordered is in stock."
    )

    @api.model
    def _prepare_signoff_vals(self, review, proposal, aspects, values):
        vals = super()._prepare_signoff_vals(review, proposal, aspects, values)
        # sudo: a stamp, whoever submits
        is_fast = proposal.subject == "order" and proposal.order.sudo().is_fast_path
        return {**vals, "on_fast_path": is_fast and values["allow_fast_path"]}

    def _may_sign_itself(self):
        return super()._may_sign_itself() or self.on_fast_path

    def _asks_people(self):
        # What is in stock needs no answers, but a fact that is not in order needs a person
        if not self.on_fast_path:
            return super()._asks_people()
        facts = self.answer_ids.filtered(lambda answer: answer.kind == "automatic")
        return any(fact.result != PASS for fact in facts)

    def _get_system_reason(self):
        if not self.on_fast_path:
            return super()._get_system_reason()
        return self.env._("In stock, nobody has to be asked: %s", self.order_id.fast_path_evidence)
