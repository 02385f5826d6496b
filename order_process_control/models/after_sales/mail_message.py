from odoo import api, models


class MailMessage(models.Model):
    """Notes on tickets are internal like those on orders."""

    _inherit = "mail.message"

    @api.model
    def _get_noted_models(self):
        return (*super()._get_noted_models(), "order.ticket")
