from odoo import api, models
from odoo.tools import consteq


class OrderTicket(models.Model):
    """The key to a ticket, which opens it without an account, and what is read with an account."""

    _inherit = "order.ticket"

    @api.model
    def _get_internal_fields(self):
        """Return the fields that nobody outside reads over RPC, whoever's ticket it is.

        What came of it is told when it is told, not while somebody writes it; what is refunded
        and who signs it is told by the credit note.
        """
        return {
            "result",
            "handler_result",
            "tier",
            "is_major_quality",
            "customer_waits_since",
            "merged_into_id",
            "refund_amount",
            "refund_count",
            "refund_plan",
            "refund_review_id",
            "refund_review_state",
            "refund_waiting_for",
        }

    @api.model
    def _has_field_access(self, field, operation):
        if not self.env.su:
            # The key makes its holder the customer, who confirms and rates: neither a handler nor
            # an agent finds it, or chooses it
            if field.name == "access_token":
                return False
            if field.name in self._get_internal_fields() and self.env.user.share:
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        # A key that the client has chosen would be known to it
        return {k: v for k, v in super().default_get(fields).items() if k != "access_token"}

    def write(self, vals):
        """A ticket that turns out to be another customer's leaves the first one for good."""
        before = {}
        if "partner_id" in vals:
            before = {ticket.id: ticket.commercial_partner_id for ticket in self}
        result = super().write(vals)
        # sudo: the key is nobody's to write; super has checked who changes the customer
        for ticket in self.sudo() if before else ():
            first = before[ticket.id]
            if ticket.commercial_partner_id != first:
                ticket._leave_customer(first)
        return result

    def _leave_customer(self, customer):
        """Let the people of ``customer`` neither open this ticket nor hear of it any more."""
        self.access_token = False
        leaving = self.message_partner_ids.filtered(
            lambda partner: (partner.partner_share and partner.commercial_partner_id == customer)
        )
        self.message_unsubscribe(partner_ids=leaving.ids)

    def _portal_ensure_token(self):
        # sudo: see above; the callers have checked who may have it
        return super(OrderTicket, self.sudo())._portal_ensure_token()

    def _sign_token(self, pid):
        # sudo: see above; a signature tells nothing of the key
        return super(OrderTicket, self.sudo())._sign_token(pid)

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        # Who reads it with rights of their own needs no key: it would make them the customer
        return super()._get_share_url(
            redirect=redirect,
            signup_partner=signup_partner,
            pid=pid,
            share_token=share_token and self.env.su,
        )

    def get_portal_url(
        self, suffix=None, report_type=None, download=None, query_string=None, anchor=None
    ):
        """Return the address of the ticket's page as Odoo does; the key to it only for code that
        has checked who gets it: anybody may call this.

        :raise AccessError: for whoever may not read the ticket
        """
        if not self.env.su:
            self.check_access("read")
            return f"{self.access_url}{suffix or ''}{f'#{anchor}' if anchor else ''}"
        return super().get_portal_url(suffix, report_type, download, query_string, anchor)

    def _is_key(self, token):
        """Tell whether ``token`` is the key to this ticket."""
        self.ensure_one()
        # sudo: only yes or no is told
        key = self.sudo().access_token
        return bool(token and key) and consteq(key, token)
