from odoo import SUPERUSER_ID, models
from odoo.fields import Command


class OrderTicket(models.Model):
    """Mails that tickets send by themselves: never an answer to a machine, nor for one."""

    _inherit = "order.ticket"

    def _send_template(self, name, partner):
        """Mail a template to one person, as a note that opens nothing and that nobody else gets.

        :param str name: of a mail.template of ours; one that was deleted sends nothing
        """
        self.ensure_one()
        template = self.env.ref(f"order_process_control.{name}", raise_if_not_found=False)
        if not template or not partner.email:
            return
        # As OdooBot: whoever causes the mail is neither its author nor left out
        ticket = self.with_user(SUPERUSER_ID).with_context(
            lang=partner.lang or self.env.lang,
            mail_post_autofollow=False,
            mail_post_autofollow_author_skip=True,
        )
        ticket.message_post_with_source(
            template,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
            partner_ids=partner.ids,
        )

    def _send_key_template(self, name, partner):
        """Mail a template that holds a key of the customer's: the key stands in that mail alone,
        never in the history of the ticket, which its agents read.

        :param str name: of a mail.template of ours; one that was deleted sends nothing
        """
        self.ensure_one()
        template = self.env.ref(f"order_process_control.{name}", raise_if_not_found=False)
        if not template or not partner.email:
            return
        template.with_user(SUPERUSER_ID).send_mail(
            self.id,
            email_layout_xmlid="mail.mail_notification_light",
            email_values={
                **{"model": False, "res_id": False, "auto_delete": True},
                "recipient_ids": [Command.set(partner.ids)],
            },
        )
        self.with_user(SUPERUSER_ID)._log(self.env._("Asked for an opinion: %s", partner.name))

    def _notify_by_email_get_headers(self, headers=None):
        headers = super()._notify_by_email_get_headers(headers) or {}
        return {**headers, "X-Auto-Response-Suppress": "OOF, AutoReply"}

    def _send_receipt(self):
        """Tell who has written to us that it has arrived; who calls knows, and so does who imports
        tickets."""
        self._send_template("order_ticket_mail_receipt", self.partner_id)

    def _close(self, confirmation, partner, text):
        result = super()._close(confirmation, partner, text)
        # sudo: the mail, whoever has closed it
        for ticket in self.sudo():
            ticket._send_template("order_ticket_mail_closed", ticket.partner_id)
        return result
