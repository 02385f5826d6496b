from odoo import models


class HrDepartment(models.Model):
    _inherit = "hr.department"

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

    def _get_manager_chain(self):
        """Return the users of the managers of this department and its parent, nearest first.

        The record rules of reviewers let exactly these read what they are asked to sign.
        """
        self.ensure_one()
        # sudo: see _get_signing_users
        managers = self.sudo().manager_id | self.sudo().parent_id.manager_id
        return managers.user_id.sudo(False)
