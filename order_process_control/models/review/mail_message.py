from odoo import models


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

    def _filter_order_notes(self):
        """Return the notes on orders that were not addressed to the user."""
        partner = self.env.user.partner_id
        # sudo: to judge messages of which it is not known yet whether they may be read
        notes = self.sudo().filtered(
            lambda message: message.model == "sale.order"
            and (message.is_internal or message.subtype_id.internal)
            and partner not in message.partner_ids | message.author_id
        )
        return notes.sudo(False)
