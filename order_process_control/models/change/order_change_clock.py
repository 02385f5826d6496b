from odoo import api, models


class OrderChange(models.Model):
    """The clock of a change: from its submission to its approval or refusal, as that of an order.

    What was superseded runs on until it is submitted again and decided, or withdrawn.
    """

    _name = "order.change"
    _inherit = ["order.change", "order.deadline.mixin"]

    @api.model
    def _get_deadline_clock(self):
        return "change"

    def _prepare_deadline_vals(self, policy=None):
        self.ensure_one()
        return {
            "name": self.env._("%s: to be agreed on", self.name),
            "order_id": self.order_id.id,
            "company_id": self.company_id.id,
            "user_id": self.requested_by.id,
            "class_id": self.order_id.class_id.id,
            "priority": self.order_id.priority,
        }

    def _open_round(self, outcome, before, history):
        if outcome.step_ids and not self._get_open_deadlines("change"):
            # What nobody has to sign is applied at once
            self._start_deadline()
        return super()._open_round(outcome, before, history)

    def _withdraw(self):
        result = super()._withdraw()
        # Of what was superseded and lies as a draft; a running round has ended its own
        self._cancel_deadline()
        return result


class OrderReview(models.Model):
    _inherit = "order.review"

    @api.model
    def _get_clocked_models(self):
        return [*super()._get_clocked_models(), "order.change"]
