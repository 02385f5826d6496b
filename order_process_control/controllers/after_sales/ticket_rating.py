from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.rating.controllers.main import Rating

from .ticket_access import is_stranger, to_id, to_token


class TicketRating(Rating):
    """The link in the mail that asks for a rating: works once and expires, and opening it rates
    nothing, because mail programs open links too."""

    def _find_ticket_rating(self, token):
        """Return the rating of a ticket with this key, as superuser; none for any other key."""
        # sudo: the key is what counts
        ratings, token = request.env["rating.rating"].sudo(), to_token(token)
        domain = [("access_token", "=", token), ("res_model", "=", "order.ticket")]
        return ratings.search(domain, limit=1) if token else ratings

    def _get_ticket_of_rating(self, token):
        """Return the ticket that this key rates, as superuser, or None for any other key.

        Neither for another customer who has got hold of the mail.
        """
        rating = self._find_ticket_rating(token)
        ticket = rating.env["order.ticket"].browse(rating.res_id or ()).exists()
        if not ticket:
            return None
        return None if is_stranger(ticket) else ticket

    def _render_rating(self, ticket, token, error=None, typed=None):
        values = {
            "ticket": ticket,
            "token": token,
            "is_rateable": bool(ticket) and ticket._is_rateable(),
            "error_message": error,
            "typed": typed or {},
            "page_name": "ticket_rating",
            "no_breadcrumbs": True,
        }
        return request.render("order_process_control.portal_ticket_rating", values)

    @http.route(
        "/my/tickets/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_rate(self, token, **kwargs):
        return self._render_rating(self._get_ticket_of_rating(token), token)

    @http.route(
        "/my/tickets/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_rate_submit(self, token, rate="", feedback="", **kwargs):
        ticket = self._get_ticket_of_rating(token)
        if not ticket:
            return self._render_rating(None, token)
        try:
            with request.env.cr.savepoint():
                ticket._customer_rate(to_id(rate), feedback)
        except UserError as refused:
            return self._render_rating(ticket, token, str(refused), {"feedback": feedback})
        return self._render_rating(ticket, token)

    # === ODOO'S OWN PAGES: three faces, any number of times ===#

    @http.route()
    def action_open_rating(self, token, rate, **kwargs):
        if self._find_ticket_rating(token):
            return request.redirect(f"/my/tickets/rate/{token}")
        return super().action_open_rating(token, rate, **kwargs)

    @http.route()
    def action_submit_rating(self, token, rate=0, **kwargs):
        if self._find_ticket_rating(token):
            return request.redirect(f"/my/tickets/rate/{token}")
        return super().action_submit_rating(token, rate=rate, **kwargs)
