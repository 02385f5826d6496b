from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ...models.after_sales.order_ticket_portal import ASKED_STATES, CUSTOMER_OPEN_STATES
from .ticket_access import TicketAccess

SEARCH_LENGTH = 100


class TicketList(TicketAccess):
    """The tickets of the customer, and those that a merchant or supplier handles."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        tickets, user = request.env["order.ticket"], request.env.user
        may_read = tickets.has_access("read")
        for name, domain in (
            ("ticket_count", tickets._get_own_domain(user)),
            ("handled_ticket_count", tickets._get_handled_domain(user)),
        ):
            if name in counters:
                values[name] = tickets.search_count(domain, limit=1000) if may_read else 0
        return values

    def _get_ticket_sortings(self):
        return {
            "new": {"label": self.env._("Newest"), "order": "id desc"},
            "old": {"label": self.env._("Oldest"), "order": "id"},
            "subject": {"label": self.env._("Subject"), "order": "subject, id desc"},
        }

    def _get_ticket_filters(self, is_handler):
        filters = {
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": self.env._("Open"),
                "domain": Domain("state", "in", CUSTOMER_OPEN_STATES),
            },
            "asked": {
                "label": self.env._("Waiting for You"),
                "domain": Domain("state", "in", ASKED_STATES),
            },
            "ended": {
                "label": self.env._("Closed"),
                "domain": Domain("state", "in", ("closed", "cancelled")),
            },
        }
        if is_handler:
            waiting = Domain("handler_state", "=", "asked") & Domain(
                "state", "in", request.env["order.ticket"]._get_open_states()
            )
            filters["asked"] = {"label": self.env._("Waiting for You"), "domain": waiting}
        return filters

    def _get_ticket_search_domain(self, search):
        text = str(search or "").replace("\x00", "").strip()[:SEARCH_LENGTH]
        if not text:
            return Domain.TRUE
        return Domain("name", "ilike", text) | Domain("subject", "ilike", text)

    def _prepare_ticket_list(self, domain, url, is_handler, page=1, **kwargs):
        """Return the values of a page of tickets, with a bounded number of queries."""
        tickets = request.env["order.ticket"]
        sortings, filters = self._get_ticket_sortings(), self._get_ticket_filters(is_handler)
        sortby = kwargs.get("sortby") if kwargs.get("sortby") in sortings else "new"
        default = "asked" if is_handler else "all"
        filterby = kwargs.get("filterby") if kwargs.get("filterby") in filters else default
        domain &= filters[filterby]["domain"] & self._get_ticket_search_domain(kwargs.get("search"))
        pager = portal_pager(
            url=url,
            url_args={"sortby": sortby, "filterby": filterby, "search": kwargs.get("search")},
            total=tickets.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = tickets.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        # sudo: what is shown of tickets that the user may read
        found = found.sudo()
        return {
            **self._prepare_portal_layout_values(),
            "tickets": found,
            "ticket_states": found._get_portal_states(),
            "ticket_notices": self._get_notices(found, is_handler),
            "is_handler": is_handler,
            "page_name": "handled_ticket" if is_handler else "ticket",
            "pager": pager,
            "default_url": url,
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "searchbar_inputs": {"all": {"input": "all", "label": self.env._("Search")}},
            "search_in": "all",
            "search": kwargs.get("search"),
            "sortby": sortby,
            "filterby": filterby,
        }

    @http.route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_tickets(self, page=1, **kwargs):
        domain = request.env["order.ticket"]._get_own_domain(request.env.user)
        values = self._prepare_ticket_list(domain, "/my/tickets", False, page, **kwargs)
        return request.render("order_process_control.portal_my_tickets", values)

    @http.route(
        ["/my/handled-tickets", "/my/handled-tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_handled_tickets(self, page=1, **kwargs):
        domain = request.env["order.ticket"]._get_handled_domain(request.env.user)
        values = self._prepare_ticket_list(domain, "/my/handled-tickets", True, page, **kwargs)
        return request.render("order_process_control.portal_my_tickets", values)
