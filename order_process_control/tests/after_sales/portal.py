import json
import re

from odoo.tests import HttpCase

from .common import TicketCommon


class PortalCommon(TicketCommon, HttpCase):
    """A customer, a stranger and a merchant with accounts in the portal, a delivered order of the
    customer, one of the stranger, and a ticket of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._deliver()
        cls.customer_user = cls._portal_user(cls.contact, "opc_customer")
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Stranger", "email": "stranger@example.com"}
        )
        cls.stranger_user = cls._portal_user(cls.stranger, "opc_stranger")
        cls.merchant = cls.env["res.partner"].create(
            {"name": "Merchant", "email": "merchant@example.com", "is_company": True}
        )
        cls.merchant_user = cls._portal_user(cls.merchant, "opc_merchant")
        for user in (cls.customer_user, cls.stranger_user, cls.merchant_user):
            user.password = user.login
        cls.ticket = cls._create_ticket(
            partner_id=cls.contact.id, order_id=cls.order.id, channel="portal"
        )
        cls.other_order = cls._create_order(partner_id=cls.stranger.id)
        cls.other_order = cls._deliver(order=cls.other_order)
        cls.other_ticket = cls._create_ticket(partner_id=cls.stranger.id, subject="Secret matter")

    def _login(self, user):
        self.authenticate(user.login, user.login.ljust(8, "x"))
        # The form's key is one of the session
        self.csrf = self._find_csrf(self.url_open("/my/tickets/new").text)

    def _logout(self, path):
        """Go on without an account; ``path`` shows a form."""
        self.authenticate(None, None)
        self.csrf = self._find_csrf(self.url_open(path).text)

    def _find_csrf(self, text):
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        return found and found.group(1)

    def _post(self, path, files=None, csrf=True, **data):
        if csrf:
            data["csrf_token"] = self.csrf
        return self.url_open(path, data=data, files=files)

    def _rpc(self, route, **params):
        response = self.url_open(
            route,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        error = response.get("error")
        return error["data"]["name"] if error else response["result"]

    def _call(self, model, method, *args, **kwargs):
        return self._rpc(
            "/web/dataset/call_kw", model=model, method=method, args=list(args), kwargs=kwargs
        )

    def _form(self, **values):
        return {
            "category_id": self.category.id,
            "subject": "It flickers",
            "description": "Since yesterday",
            **values,
        }

    def _key(self, ticket=None):
        return (ticket or self.ticket).sudo()._portal_ensure_token()

    def _latest(self):
        return self.env["order.ticket"].search([], order="id desc", limit=1)

    def _count(self):
        return self.env["order.ticket"].search_count([])
