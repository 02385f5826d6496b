from odoo import api, models


class MailMessage(models.Model):
    """Portal customers read no notes of our process, not even one by one over RPC.

    Odoo hides notes in lists, but lets who may read the document read automatic ones by their
    id: with the departments and their reasons in them.
    """

    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation == "read" and not self.env.user._is_internal():
            forbidden |= (self - forbidden)._filter_order_notes()
        return forbidden

    @api.model
    def _get_noted_models(self):
        """Return the models whose notes are internal, whoever may read their records."""
        return ("sale.order",)

    def _filter_order_notes(self):
        """Return the notes on documents of the process that were not addressed to the user."""
        partner = self.env.user.partner_id
        # sudo: to judge messages of which it is not known yet whether they may be read
        notes = self.sudo().filtered(
            lambda message: message.model in self._get_noted_models()
            and (message.is_internal or message.subtype_id.internal)
            and partner not in message.partner_ids | message.author_id
        )
        return notes.sudo(False)
