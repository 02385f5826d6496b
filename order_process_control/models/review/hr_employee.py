from odoo import api, models


class HrEmployee(models.Model):
    """Who joins, leaves or changes department is asked, or not any more, at once."""

    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        if employees.user_id:
            self.env["order.signoff"]._refresh_signers()
        return employees

    def write(self, vals):
        result = super().write(vals)
        if not {"active", "user_id", "department_id"}.isdisjoint(vals):
            self.env["order.signoff"]._refresh_signers()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["order.signoff"]._refresh_signers()
        return result
