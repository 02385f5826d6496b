from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .ticket_access import to_id, to_quantity, to_token
from .ticket_page import TicketPage

TYPED = ("subject", "description", "category_id", "reason", "outcome")


class TicketForm(TicketPage):
    """A customer opens a ticket: on their order, or without one."""

    def _get_order(self, order_id, access_token):
        """Return the order as superuser, and whose it is for who asks.

        :raise AccessError: for anybody else's order
        """
        order = self._get_document("sale.order", order_id, access_token)
        if order.state != "sale":
            raise MissingError(self.env._("This order is not confirmed yet."))
        # sudo: their own contact
        own = request.env.user.partner_id.sudo()
        if own.commercial_partner_id == order.partner_id.commercial_partner_id:
            return order, own
        return order, order.partner_id

    def _render_form(self, order=None, access_token=None, error=None, typed=None):
        tickets = request.env["order.ticket"]
        company = order.company_id if order else self._get_form_company()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "new_ticket",
            "ticket_order": order,
            "orders": () if order else self._get_form_orders(),
            "access_token": to_token(access_token) if order else None,
            "quantities": order.order_line._get_reportable_quantities() if order else {},
            "categories": tickets._get_customer_categories(company),
            "choices": tickets._get_customer_choices(),
            "file_count": tickets._get_limit("ticket_file_count"),
            "file_megabytes": tickets._get_limit("ticket_file_megabytes"),
            "error_message": error,
            "typed": typed or {},
            "res_company": company,
        }
        return request.render("order_process_control.portal_ticket_form", values)

    def _get_form_company(self):
        # sudo: settings of the shop, for who has no account
        return request.env.company.sudo()

    def _get_form_orders(self):
        """Return the customer's latest orders, to choose from."""
        orders = request.env["sale.order"]
        own = request.env.user.partner_id.commercial_partner_id
        domain = [("partner_id", "child_of", [own.id]), ("state", "=", "sale")]
        if not orders.has_access("read"):
            return ()
        # sudo: names of orders that the user may read
        return orders.search(domain, limit=30, order="date_order desc, id desc").sudo()

    def _is_customer(self):
        """Tell whether it is somebody from outside who asks; agents have a screen of their own."""
        return request.env.user.share

    # === WITHOUT AN ORDER ===#

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_ticket_new(self, order_id=None, **kwargs):
        if to_id(order_id):
            return request.redirect(f"/my/orders/{to_id(order_id)}/ticket")
        return self._render_form()

    @http.route("/my/tickets/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_ticket_create(self, **kwargs):
        # sudo: their own contact
        own = request.env.user.partner_id.sudo()
        return self._create_ticket(own, None, None, kwargs)

    # === ON AN ORDER ===#

    @http.route(
        "/my/orders/<int:order_id>/ticket",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_order_ticket_new(self, order_id, access_token=None, **kwargs):
        try:
            order, _partner = self._get_order(order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return self._render_form(order, access_token)

    @http.route(
        "/my/orders/<int:order_id>/ticket",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_order_ticket_create(self, order_id, access_token=None, **kwargs):
        try:
            order, partner = self._get_order(order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return self._create_ticket(partner, order, access_token, kwargs)

    def _create_ticket(self, partner, order, access_token, form):
        """Open the ticket and show it, or the form again with what is missing.

        Nothing is taken from the form but what the customer may choose.
        """
        typed = {name: form.get(name, "") for name in TYPED}
        typed["quantities"] = self._get_quantities(order, form)
        if not self._is_customer():
            error = self.env._("Please open tickets for customers in the back office.")
            return self._render_form(order, access_token, error, typed)
        company = order.company_id if order else self._get_form_company()
        values = {**typed, "category_id": to_id(typed["category_id"])}
        try:
            with request.env.cr.savepoint():
                ticket = request.env["order.ticket"]._create_for_customer(
                    partner, company, values, order, self._get_files()
                )
        except UserError as refused:
            return self._render_form(order, access_token, str(refused), typed)
        return request.redirect(self._get_new_url(ticket), code=303)

    def _get_new_url(self, ticket):
        """Return where the new ticket is: with its key for who has no account to read it."""
        may_read = request.env["order.ticket"].browse(ticket.id).has_access("read")
        url = ticket.access_url if may_read else ticket.get_portal_url()
        return f"{url}{'?' if may_read else '&'}done=created"

    def _get_quantities(self, order, form):
        """Return ``{id of order line: quantity}`` of the lines of this very order."""
        if not order:
            return {}
        return {line.id: to_quantity(form.get(f"quantity_{line.id}")) for line in order.order_line}
