import math

from odoo.exceptions import MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


def to_id(value):
    """Return a number that can be the id of a record, else None: whatever a client sends."""
    text = str(value or "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else 0
    return number if 0 < number < 2**31 else None


def to_quantity(value):
    """Return a quantity that somebody typed, 0 for what is none."""
    try:
        number = float(str(value or "0").replace(",", "."))
    except ValueError:
        return 0.0
    # More is no quantity of goods; it must not break the arithmetic either
    return number if math.isfinite(number) and abs(number) < 1e9 else 0.0


def to_token(value):
    """Return the key that a client shows, or None: others break the comparison."""
    is_key = isinstance(value, str) and value.isascii() and value.isprintable()
    return value if is_key and value.strip() else None


def is_stranger(ticket):
    """Tell whether who asks is another customer, who has got hold of a mail of this one."""
    user = request.env.user
    own = user.partner_id.commercial_partner_id
    return not user._is_public() and own != ticket.commercial_partner_id


class TicketAccess(CustomerPortal):
    """Who asks for a ticket or an order, found out in one place for every route."""

    def _get_ticket(self, ticket_id, access_token=None):
        """Return the ticket as superuser.

        :raise MissingError: for no ticket
        :raise AccessError: for somebody else's
        """
        return self._get_document("order.ticket", ticket_id, access_token)

    def _get_document(self, model, document_id, access_token):
        document_id = to_id(document_id)
        if not document_id:
            raise MissingError(self.env._("This document does not exist."))
        token = to_token(access_token)
        return self._document_check_access(model, document_id, access_token=token)

    def _get_role(self, ticket, access_token):
        """Return "customer", "handler" or "staff": what who asks is to this ticket."""
        has_key = bool(self._get_key(ticket, access_token))
        return ticket._get_portal_role(request.env.user, has_key)

    def _get_key(self, ticket, access_token):
        """Return the key to this ticket if it was shown, else None."""
        token = to_token(access_token)
        return token if ticket._is_key(token) else None

    def _get_notices(self, tickets, is_handler):
        """Return ``{ticket id: notice}`` for the customer, or for who handles it."""
        tz = request.env.user.tz
        if is_handler:
            return tickets._get_handler_notices(tz)
        return tickets._get_portal_notices(tz)

    def _get_customer(self, ticket):
        """Return the res.partner who speaks for the customer: the user, else whom we wrote to."""
        own = request.env.user.partner_id
        is_own = own.commercial_partner_id == ticket.commercial_partner_id
        # sudo: their own contact
        return own.sudo() if is_own and request.env.user.share else ticket.partner_id

    def _get_ticket_url(self, ticket, access_token=None):
        """Return where the ticket is for who asks; the key only to who came with it."""
        key = self._get_key(ticket, access_token)
        return f"{ticket.access_url}{f'?access_token={key}' if key else ''}"
