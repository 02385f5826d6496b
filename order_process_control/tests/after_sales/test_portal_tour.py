from odoo.tests import HttpCase, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestPortalTour(TicketCommon, HttpCase):
    """A customer in the browser, from the problem to the rating."""

    def test_customer(self):
        self.category.name = "Tour Category"
        user = self._portal_user(self.contact)
        user.password = user.login
        order = self._deliver()
        self.start_tour(f"/my/orders/{order.id}", "order_ticket_portal_report", login=user.login)
        ticket = self.env["order.ticket"].search([("order_id", "=", order.id)])
        self.assertEqual(ticket.line_ids.quantity, 1)
        self._resolve(ticket)
        self.start_tour("/my/tickets", "order_ticket_portal_end", login=user.login)
        self.assertEqual((ticket.state, ticket.reopen_count), ("in_progress", 1))
        self._resolve(ticket)
        self.start_tour("/my/tickets", "order_ticket_portal_satisfied", login=user.login)
        self.assertEqual((ticket.state, ticket.confirmation), ("closed", "customer"))
        self.assertEqual(ticket._get_ratings().rating, 5)
