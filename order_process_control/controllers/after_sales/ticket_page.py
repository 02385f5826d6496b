from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .ticket_access import TicketAccess, to_id


class TicketPage(TicketAccess):
    """One ticket: what happens next, what was said, and what who reads it may do."""

    @http.route("/my/tickets/<int:ticket_id>", type="http", auth="public", website=True)
    def portal_ticket_page(self, ticket_id, access_token=None, **kwargs):
        try:
            ticket = self._get_ticket(ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return self._render_ticket(ticket, access_token, done=kwargs.get("done"))

    def _render_ticket(self, ticket, access_token, error=None, typed=None, done=None):
        """Render the page.

        :param str error: a sentence, shown above what was ``typed``
        :param str done: a key of what was just done
        """
        values = self._prepare_ticket_values(ticket, access_token)
        values.update(
            error_message=error, typed=typed or {}, done_message=self._get_done_message(done)
        )
        return request.render("order_process_control.portal_ticket_page", values)

    def _prepare_ticket_values(self, ticket, access_token):
        role = self._get_role(ticket, access_token)
        messages = ticket._get_portal_messages()
        values = {
            "ticket": ticket,
            "role": role,
            "ticket_state": ticket._get_portal_states()[ticket.id],
            "notice": self._get_notices(ticket, role == "handler")[ticket.id],
            "stages": ticket._get_portal_stages(),
            "messages": messages,
            "file_tokens": self._get_file_tokens(messages),
            "is_rateable": role == "customer" and ticket._is_rateable(),
            "may_file": role == "handler" and ticket._waits_for_handler(),
            "resolutions": [
                pair
                for pair in ticket._fields["resolution"]._description_selection(request.env)
                if pair[0] != "unsolved"
            ],
            "page_name": "handled_ticket" if role == "handler" else "ticket",
            "form_url": ticket.access_url,
            "res_company": ticket.company_id,
        }
        key = self._get_key(ticket, access_token)
        return self._get_page_view_values(ticket, key, values, "", False)

    def _get_file_tokens(self, messages):
        """Return ``{attachment id: key}`` of the files of these messages."""
        files = messages.attachment_ids
        return dict(zip(files.ids, files.generate_access_token(), strict=True)) if files else {}

    def _get_done_message(self, done):
        return {
            "created": self.env._(
                "We have received your request. You will also get a mail about it."
            ),
            "sent": self.env._("Your message has been sent."),
            "confirmed": self.env._("Thank you for letting us know."),
            "reopened": self.env._("Thank you: we go on with it."),
            "rated": self.env._("Thank you for your rating."),
            "filed": self.env._("Thank you: your result has been filed."),
        }.get(done)

    # === WHAT THEY DO ===#

    def _act(self, ticket_id, access_token, roles, action, done, typed):
        """Let who asks do something with a ticket, and show it again.

        :param roles: who may
        :param action: is called with the ticket and the res.partner who asks
        :param str done: a key of what to say afterwards
        :param dict typed: what is shown again when it is refused
        """
        try:
            ticket = self._get_ticket(ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        role = self._get_role(ticket, access_token)
        if role not in roles:
            error = self.env._("Please use the page of the ticket in the back office.")
            return self._render_ticket(ticket, access_token, error, typed)
        partner = self._get_speaker(ticket, role)
        try:
            with request.env.cr.savepoint():
                action(ticket, partner)
        except UserError as refused:
            ticket.invalidate_recordset()
            return self._render_ticket(ticket, access_token, str(refused), typed)
        url = self._get_ticket_url(ticket, access_token)
        separator = "&" if "?" in url else "?"
        return request.redirect(f"{url}{separator}done={done}", code=303)

    def _get_speaker(self, ticket, role):
        # sudo: their own contact
        return (
            request.env.user.partner_id.sudo() if role == "handler" else self._get_customer(ticket)
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/message",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_message(self, ticket_id, access_token=None, message="", **kwargs):
        files = self._get_files()
        return self._act(
            ticket_id,
            access_token,
            ("customer", "handler"),
            lambda ticket, partner: ticket._customer_post(partner, message, files),
            "sent",
            {"message": message},
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/confirm",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_confirm(self, ticket_id, access_token=None, **kwargs):
        return self._act(
            ticket_id,
            access_token,
            ("customer",),
            lambda ticket, partner: ticket._customer_confirm(partner),
            "confirmed",
            {},
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/reopen",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_reopen(self, ticket_id, access_token=None, reason="", **kwargs):
        return self._act(
            ticket_id,
            access_token,
            ("customer",),
            lambda ticket, partner: ticket._customer_reopen(partner, reason),
            "reopened",
            {"reason": reason},
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/rate",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_rate(self, ticket_id, access_token=None, rate="", feedback="", **kwargs):
        return self._act(
            ticket_id,
            access_token,
            ("customer",),
            lambda ticket, _partner: ticket._customer_rate(to_id(rate), feedback),
            "rated",
            {"feedback": feedback},
        )

    @http.route(
        "/my/tickets/<int:ticket_id>/result",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_ticket_result(self, ticket_id, result="", is_solved="", resolution="", **kwargs):
        """The handler files what came of it (R-342)."""
        user = request.env.user
        return self._act(
            ticket_id,
            None,
            ("handler",),
            lambda ticket, _partner: ticket.with_user(user).action_file_result(
                result, is_solved == "yes", resolution or None
            ),
            "filed",
            {"result": result, "is_solved": is_solved, "resolution": resolution},
        )

    def _get_files(self):
        """Return the files of the form as pairs of name and content, none read further than to
        see that it is too large."""
        tickets = request.env["order.ticket"]
        limit = tickets._get_limit("ticket_file_megabytes") * 1024 * 1024
        count = tickets._get_limit("ticket_file_count")
        files = [file for file in request.httprequest.files.getlist("files") if file.filename]
        return [(file.filename[:200], file.read(limit + 1)) for file in files[: count + 1]]
