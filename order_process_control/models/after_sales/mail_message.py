from odoo import api, models
from odoo.exceptions import AccessError

# What a message says, who says it and to whom
CONTENT = (
    *("author_id", "author_guest_id", "email_from", "date", "body", "subject", "parent_id"),
    *("attachment_ids", "message_type", "subtype_id", "is_internal", "model", "res_id"),
)


class MailMessage(models.Model):
    """Notes on tickets are internal like those on orders. What was said on a ticket was said by who
    stands there, and stays as it was said: Odoo lets employees write messages in the name of
    others, and whoever may write the document change and delete those of others."""

    _inherit = "mail.message"

    @api.model
    def _get_noted_models(self):
        return (*super()._get_noted_models(), "order.ticket")

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if not self.env.su:
            messages._check_ticket_author()
            messages._check_ticket_way()
        return messages

    def write(self, vals):
        if not self.env.su and not set(CONTENT).isdisjoint(vals):
            self._check_ticket_author()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_of_tickets(self):
        if not self.env.su and not self.env.user._is_system() and self._filter_of_tickets():
            raise AccessError(self.env._("What was said on a ticket is kept."))

    def _filter_of_tickets(self):
        """Return those of these messages that stand on tickets, as superuser."""
        # sudo: what a message belongs to, also when the user cannot read it
        return self.sudo().filtered(lambda message: message.model == "order.ticket")

    def _check_ticket_author(self):
        """:raise AccessError: for messages of somebody else on tickets"""
        own = self.env.user.partner_id
        if any(message.author_id != own for message in self._filter_of_tickets()):
            raise AccessError(
                self.env._("A message on a ticket is written and changed by its author alone.")
            )

    def _check_ticket_way(self):
        """:raise AccessError: for messages that were not written by way of the ticket, where they
        are counted, and stop and start its clocks"""
        written = self._filter_of_tickets().filtered(
            lambda m: m.message_type != "user_notification"
        )
        if written and not self.env["order.ticket"]._is_posting():
            raise AccessError(self.env._("Messages on a ticket are written on the ticket."))
