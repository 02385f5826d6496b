from odoo import api, fields, models

CLOCKS = [
    ("emergency_need", "Emergency: Need Confirmed"),
    ("emergency_supply", "Emergency: Supply Confirmed"),
    ("emergency_shipment", "Emergency: Shipment Confirmed"),
]


class OrderDeadlinePolicy(models.Model):
    _inherit = "order.deadline.policy"

    clock = fields.Selection(
        selection_add=CLOCKS, ondelete={clock: "cascade" for clock, _label in CLOCKS}
    )


class OrderExpediteConfirmation(models.Model):
    """Each part of an emergency has its own clock, from the moment at which it is asked for."""

    _name = "order.expedite.confirmation"
    _inherit = ["order.expedite.confirmation", "order.deadline.mixin"]

    @api.model
    def _get_deadline_clock(self):
        return f"emergency_{self.part}" if self else super()._get_deadline_clock()

    def _prepare_deadline_vals(self, policy):
        order = self.order_id
        return {
            **super()._prepare_deadline_vals(policy),
            "name": f"{order.name} ({self.expedite_id.name}): {self.display_name}",
            "user_id": self._get_people()[:1].id,
            "class_id": order.class_id.id,
            "priority": order.priority,
        }

    def _ask(self):
        result = super()._ask()
        self._start_deadline()
        return result

    def _answer(self, vals):
        # Saying in time that it cannot be met is an answer in time
        result = super()._answer(vals)
        self._stop_deadline()
        return result

    def _cancel(self):
        waiting = self.filtered(lambda row: row.state in ("waiting", "asked"))
        result = super()._cancel()
        waiting._cancel_deadline(self.env._("Nobody need confirm it any more."))
        return result
