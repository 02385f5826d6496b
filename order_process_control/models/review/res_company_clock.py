from odoo import models


class ResCompany(models.Model):
    """Nothing is late where the process is switched off."""

    _inherit = "res.company"

    def write(self, vals):
        switched = self.browse()
        if "order_process_active" in vals:
            active = bool(vals["order_process_active"])
            switched = self.filtered(lambda company: company.order_process_active != active)
        result = super().write(vals)
        if switched:
            # sudo: clocks of all departments, whoever may switch the process
            switched.sudo()._switch_clocks(active)
        return result

    def _switch_clocks(self, active):
        """End the clocks of the reviews of these companies as not applicable or, when the process
        is switched on again, let those of the open sign-offs begin anew: from now."""
        if active:
            self.env["order.signoff"]._start_missing_clocks([("company_id", "in", self.ids)])
            return
        deadlines = self.env["order.deadline"].search(
            [
                ("company_id", "in", self.ids),
                ("res_model", "in", self.env["order.review"]._get_clocked_models()),
                ("stopped_at", "=", False),
            ]
        )
        deadlines._cancel(self.env._("The order process was switched off."))
