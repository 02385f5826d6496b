from odoo import api, models


class PortalShare(models.TransientModel):
    """Sharing the portal page of a quotation is a way of sending it."""

    _inherit = "portal.share"

    @api.model
    def default_get(self, fields):
        result = super().default_get(fields)
        self._check_release_of_shared(result.get("res_model"), result.get("res_id"))
        return result

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._check_release_of_shared(wizard.res_model, wizard.res_id)
        return wizards

    def action_send_mail(self):
        for wizard in self:
            wizard._check_release_of_shared(wizard.res_model, wizard.res_id)
        return super().action_send_mail()

    @api.model
    def _check_release_of_shared(self, res_model, res_id):
        if res_model == "sale.order" and res_id:
            self.env[res_model].browse(res_id)._check_release_before_sending()
