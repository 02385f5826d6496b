from odoo import api, fields, models


class OrderProcessRequest(models.TransientModel):
    """Why a promise is excused from its time."""

    _inherit = "order.process.request"

    deadline_ids = fields.Many2many("order.deadline", readonly=True)

    @api.model
    def _get_record_fields(self):
        return {**super()._get_record_fields(), "order.deadline": "deadline_ids"}

    def _compute_hint(self):
        result = super()._compute_hint()
        for wizard in self.filtered("deadline_ids"):
            wizard.hint = self.env._(
                "Why does the time not count here? It will be neither met nor missed."
            )
        return result

    def _run_exempt(self):
        if self.deadline_ids:
            return self.deadline_ids.action_exempt(self.text)
        return super()._run_exempt()


class OrderDeadline(models.Model):
    _inherit = "order.deadline"

    def action_open_exemption(self):
        """Ask for the reason, then exempt; :meth:`action_exempt` judges who may."""
        return self.env["order.process.request"]._open(
            "exempt", self, self.env._("Exempt from the Deadline")
        )
