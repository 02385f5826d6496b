from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .ticket_access import is_stranger
from .ticket_page import TicketPage


class TicketVisit(TicketPage):
    """Visits on the page of a ticket: the customer reads the report, signs it, and keeps it."""

    def _prepare_ticket_values(self, ticket, access_token):
        values = super()._prepare_ticket_values(ticket, access_token)
        visits = ticket.visit_ids.browse()
        if values["role"] != "handler":
            visits = ticket.visit_ids._get_portal_visits()
        to_sign = visits.browse()
        if values["role"] == "customer" and not is_stranger(ticket):
            to_sign = visits.filtered(lambda visit: visit._waits_for_signature())
        key = self._get_key(ticket, access_token)
        values.update(
            visits=visits,
            visits_to_sign=to_sign,
            sign_urls={visit.id: self._get_sign_url(ticket, visit, key) for visit in to_sign},
            signer_name=self._get_customer(ticket).name or "",
        )
        return values

    def _get_sign_url(self, ticket, visit, key):
        query = f"read={visit._get_report_hash()}{f'&access_token={key}' if key else ''}"
        return f"{ticket.access_url}/visits/{visit.id}/sign?{query}"

    def _get_done_message(self, done):
        if done == "signed":
            return self.env._("Thank you: the report is signed.")
        return super()._get_done_message(done)

    def _get_visit(self, ticket_id, visit_id, access_token):
        """Return the ticket and its visit as superuser, for its customer alone.

        :raise MissingError: for no such visit
        :raise AccessError: for whoever is not the customer
        """
        ticket = self._get_ticket(ticket_id, access_token)
        is_customer = self._get_role(ticket, access_token) == "customer"
        if not is_customer or is_stranger(ticket):
            raise AccessError(self.env._("Only the customer signs and keeps the report."))
        visit = ticket.visit_ids.filtered(lambda visit: visit.id == visit_id)
        if not visit:
            raise MissingError(self.env._("This visit does not exist."))
        return ticket, visit

    @http.route(
        "/my/tickets/<int:ticket_id>/visits/<int:visit_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_visit_sign(self, ticket_id, visit_id, name=None, signature=None, **kwargs):
        """Called by Odoo's dialog, which sends the name and the picture; the key of who asks and
        what they have read stand in the address."""
        query = request.httprequest.args
        access_token = query.get("access_token")
        try:
            ticket, visit = self._get_visit(ticket_id, visit_id, access_token)
        except (AccessError, MissingError):
            return {"error": self.env._("Only the customer can sign this report.")}
        try:
            with request.env.cr.savepoint():
                visit._customer_sign(self._get_customer(ticket), name, signature, query.get("read"))
        except UserError as refused:
            return {"error": str(refused)}
        url = self._get_ticket_url(ticket, access_token)
        separator = "&" if "?" in url else "?"
        return {"force_refresh": True, "redirect_url": f"{url}{separator}done=signed"}

    @http.route(
        "/my/tickets/<int:ticket_id>/visits/<int:visit_id>/sign",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_visit_sign_page(self, ticket_id, visit_id, access_token=None, **kwargs):
        """Who opens the address of the dialog, or reloads it, is brought to where one signs."""
        try:
            ticket = self._get_ticket(ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return request.redirect(self._get_ticket_url(ticket, access_token))

    @http.route(
        "/my/tickets/<int:ticket_id>/visits/<int:visit_id>/report",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_visit_report(self, ticket_id, visit_id, access_token=None, **kwargs):
        try:
            _ticket, visit = self._get_visit(ticket_id, visit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if visit.state != "done":
            return request.redirect(self._get_ticket_url(visit.ticket_id, access_token))
        return self._show_report(visit, "pdf", visit._get_report_ref(), download=True)
