from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_signer_fields(self):
        """Return the fields of a user by which they may sign or not."""
        return {"active", "share", "group_ids", "company_id", "company_ids"}

    def write(self, vals):
        result = super().write(vals)
        if not self._get_signer_fields().isdisjoint(vals):
            self.env["order.signoff"]._refresh_signers()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["order.signoff"]._refresh_signers()
        return result
