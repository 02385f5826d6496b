from odoo import models


class HrDepartment(models.Model):
    _inherit = "hr.department"

    def write(self, vals):
        result = super().write(vals)
        if not {"manager_id", "parent_id"}.isdisjoint(vals):
            self.env["order.signoff"]._refresh_signers()
        return result

    def _get_signing_users(self):
        """Return ``{department: active users of its employees}`` in one query.

        A department without such users is no key.
        """
        # sudo: only HR officers read employees; nothing but their users is taken from them
        groups = (
            self.env["hr.employee"]
            .sudo()
            ._read_group(
                [
                    ("department_id", "in", self.ids),
                    ("user_id.active", "=", True),
                    ("user_id.share", "=", False),
                ],
                ["department_id"],
                ["user_id:recordset"],
            )
        )
        return {department.sudo(False): users.sudo(False) for department, users in groups}
