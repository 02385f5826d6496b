from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

TEXT_LENGTH = 10000
SUBJECT_LENGTH = 200
# Set aside by an administrator with a system parameter of the same name
LIMITS = {
    "ticket_per_hour": 10,
    "ticket_message_per_hour": 30,
    "ticket_file_per_hour": 40,
    "ticket_file_count": 5,
    "ticket_file_megabytes": 10,
}
FROM_OUTSIDE = ("portal", "email")

_POSTING_KEY = "order_ticket_posting"
_POSTING = object()


class OrderTicket(models.Model):
    """How much one customer may send: whoever floods us hides the others."""

    _inherit = "order.ticket"

    @api.model
    def _get_limit(self, name):
        """Return a limit; what an administrator has entered wrongly is as if it were not there."""
        # sudo: parameters are not for everybody to read
        value = self.env["ir.config_parameter"].sudo().get_param(f"order_process_control.{name}")
        return int(value) if str(value or "").isdecimal() else LIMITS[name]

    @api.model
    def _get_customer_text(self, text, length=TEXT_LENGTH):
        """Return what somebody outside wrote, cleaned and of bounded length."""
        text = text[:length] if isinstance(text, str) else ""
        return self.env["order.signoff"]._clean_text(text)

    @api.model
    def _check_files(self, files):
        """:raise UserError: for too many or too large files, and says which"""
        count, size = self._get_limit("ticket_file_count"), self._get_limit("ticket_file_megabytes")
        if len(files) > count:
            raise UserError(self.env._("Please send at most %s files at once.", count))
        for name, content in files:
            if len(content) > size * 1024 * 1024:
                raise UserError(
                    self.env._(
                        "“%(file)s” is larger than %(size)s MB: please send a smaller file.",
                        file=name,
                        size=size,
                    )
                )

    @api.model
    def _check_ticket_flood(self, partner):
        """:raise UserError: when the customer has opened too many tickets within the hour"""
        limit = self._get_limit("ticket_per_hour")
        # sudo: counts what the customer's whole company has sent
        count = self.sudo().search_count(self._get_recent_domain(partner), limit=limit)
        if count >= limit:
            raise UserError(
                self.env._(
                    "You have sent us %s requests within an hour. Please add to one of them, or"
                    " try again later.",
                    limit,
                )
            )

    @api.model
    def _get_recent_domain(self, partner):
        since = fields.Datetime.now() - timedelta(hours=1)
        return (
            Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
            & Domain("channel", "in", FROM_OUTSIDE)
            & Domain("create_date", ">=", since)
        )

    @api.model
    def _check_message_flood(self, partner, files=0):
        """:raise UserError: when somebody has sent too many messages or files within the hour"""
        since = fields.Datetime.now() - timedelta(hours=1)
        domain = (
            Domain("model", "=", self._name)
            & Domain("author_id", "=", partner.id)
            & Domain("create_date", ">=", since)
            & Domain("message_type", "=", "comment")
        )
        # sudo: the sender's own messages on every ticket
        messages = self.env["mail.message"].sudo().search(domain)
        too_many = len(messages) >= self._get_limit("ticket_message_per_hour")
        if files:
            sent = len(messages.attachment_ids)
            too_many = too_many or sent + files > self._get_limit("ticket_file_per_hour")
        if too_many:
            raise UserError(
                self.env._("You have sent us a lot within an hour. Please go on a little later.")
            )

    # === ODOO'S OWN WAYS TO WRITE A MESSAGE ===#

    def _get_allowed_message_params(self):
        """A client does not rate with a message; the kind of it is ours to say."""
        allowed = super()._get_allowed_message_params() - {"rating_value"}
        return allowed - {"message_type", "email_add_signature"} if self.env.user.share else allowed

    def message_post(self, **kwargs):
        # A rating has its own way: once, by the customer
        kwargs.pop("rating_value", None)
        # With all rights our own code posts other kinds in the name of who is there
        is_typed = not self.env.su or kwargs.get("message_type") == "comment"
        if self.env.user.share and is_typed:
            kwargs = self._prepare_outside_message(kwargs)
        if not self.env.su:
            # In nobody else's name: what the customer says moves the ticket
            kwargs["author_id"] = self.env.user.partner_id.id
        posting = self.with_context(**{_POSTING_KEY: _POSTING})
        return super(OrderTicket, posting).message_post(**kwargs)

    @api.model
    def _is_posting(self):
        """Tell whether a message is being written by :meth:`message_post`."""
        return self.env.context.get(_POSTING_KEY) is _POSTING

    def _prepare_outside_message(self, kwargs):
        """Return the parameters of a message that somebody outside writes by Odoo's own routes or
        over RPC; what they may not choose is left out."""
        vals = {**kwargs, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        vals.pop("subtype_id", None)
        if not self.env.su:
            kept = ("body", "message_type", "subtype_xmlid", "parent_id", "attachment_ids")
            vals = {name: vals[name] for name in kept if name in vals}
        partners = self.env["res.partner"]
        author = partners.browse(vals.get("author_id") or self.env.user.partner_id.id)
        count = len(vals.get("attachment_ids") or ())
        if count > self._get_limit("ticket_file_count"):
            raise UserError(self.env._("Please send fewer files at once."))
        self._check_message_flood(author, count)
        return vals

    def _message_update_content(self, message, /, *, body, **kwargs):
        # What is said stands as it was said; a rating is no part of a message
        kwargs.pop("rating_value", None)
        return super()._message_update_content(message, body=body, **kwargs)
