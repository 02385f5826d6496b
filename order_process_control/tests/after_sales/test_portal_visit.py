import base64
import io
import json

from PIL import Image, ImageDraw

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal import PortalCommon


def picture(size=(60, 20), kind="PNG", drawn=True):
    """Return a picture in base64, with a line on it or blank."""
    image = Image.new("RGB", size, "white")
    if drawn:
        ImageDraw.Draw(image).line((5, 5, 50, 15), fill="black")
    stream = io.BytesIO()
    image.save(stream, format=kind)
    return base64.b64encode(stream.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestPortalVisit(PortalCommon):
    """The customer signs the report of a visit on the page of the ticket, and nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._create_visit(cls.ticket)

    @classmethod
    def _create_visit(cls, ticket, **vals):
        visits = cls.env["order.ticket.visit"].with_user(cls.agent)
        visit = visits.create(
            {
                "ticket_id": ticket.id,
                "start": "2026-03-02 08:00:00",
                "findings": "Fuse blown",
                "work_done": "New fuse",
                "result": "solved",
                **vals,
            }
        )
        visit.action_arrive()
        visit.action_finish()
        return visit

    def _sign(self, visit=None, ticket=None, key=None, read=None, **params):
        visit = visit or self.visit
        ticket = ticket or self.ticket
        query = f"read={read or visit._get_report_hash()}{f'&access_token={key}' if key else ''}"
        response = self.url_open(
            f"/my/tickets/{ticket.id}/visits/{visit.id}/sign?{query}",
            data=json.dumps({"params": {"name": "Carla", "signature": picture(), **params}}),
            headers={"Content-Type": "application/json"},
        )
        visit.invalidate_recordset()
        return response.json()["result"]

    def _report(self, visit=None, ticket=None, key=None):
        path = f"/my/tickets/{(ticket or self.ticket).id}/visits/{(visit or self.visit).id}/report"
        return self.url_open(f"{path}?access_token={key}" if key else path)

    def _page(self, key=None):
        return self.url_open(
            f"/my/tickets/{self.ticket.id}{f'?access_token={key}' if key else ''}"
        ).text

    def test_signed_with_an_account(self):
        self._login(self.customer_user)
        page = self._page()
        for text in ("Please sign the report", "Fuse blown", "portal.signature_form"):
            self.assertIn(text, page)
        result = self._sign()
        self.assertEqual(result["redirect_url"], f"/my/tickets/{self.ticket.id}?done=signed")
        visit = self.visit
        self.assertEqual((visit.signed_by, visit.signer_partner_id), ("Carla", self.contact))
        self.assertTrue(visit.signed_at and visit.signature)
        message = self.ticket.message_ids[0]
        self.assertIn("Carla", message.body)
        self.assertEqual(message.author_id, self.contact)
        page = self._page()
        self.assertNotIn("Please sign the report", page)
        self.assertIn("Signed By", page)
        # Once
        self.assertIn("error", self._sign(name="Somebody else"))
        self.assertEqual(visit.signed_by, "Carla")

    def test_signed_with_the_key_of_the_mail(self):
        key = self._key()
        self.authenticate(None, None)
        self.assertIn("Please sign the report", self._page(key))
        result = self._sign(key=key)
        self.assertIn(key, result["redirect_url"])
        self.assertEqual(self.visit.signer_partner_id, self.ticket.partner_id)

    @mute_logger("odoo.http")
    def test_others_do_not_sign_or_read(self):
        self.ticket.handler_partner_id = self.merchant
        key = self._key()
        wrong = [None, "x", self._key(self.other_ticket)]
        for login in (None, self.stranger_user, self.merchant_user, self.agent):
            if login == self.agent:
                self.agent.password = self.agent.login
            self.authenticate(login and login.login, login and login.login.ljust(8, "x"))
            for token in wrong if login in (None, self.stranger_user) else [*wrong, key]:
                with self.subTest(login=login and login.login, token=token):
                    self.assertIn("error", self._sign(key=token))
                    self.assertNotIn("pdf", self._report(key=token).headers["Content-Type"])
        # A stranger with the key of a mail that went astray
        self.authenticate(self.stranger_user.login, self.stranger_user.login.ljust(8, "x"))
        self.assertIn("error", self._sign(key=key))
        self.assertNotIn("pdf", self._report(key=key).headers["Content-Type"])
        self.assertFalse(self.visit.signed_at)
        self.authenticate(self.merchant_user.login, self.merchant_user.login.ljust(8, "x"))
        self.assertNotIn("Fuse blown", self._page())

    def test_visit_of_another_ticket(self):
        other = self._create_visit(self.other_ticket)
        self._login(self.customer_user)
        self.assertIn("error", self._sign(visit=other))
        self.assertIn("error", self._sign(visit=other, ticket=self.other_ticket))
        self.assertNotIn("pdf", self._report(visit=other).headers["Content-Type"])
        self.assertFalse(other.signed_at)

    def test_only_what_waits_for_a_signature(self):
        self._login(self.customer_user)
        visits = self.env["order.ticket.visit"].with_user(self.agent)
        planned = visits.create(
            {"ticket_id": self.ticket.id, "start": "2026-04-02 08:00:00", "findings": "Draft"}
        )
        page = self._page()
        self.assertIn("Planned", page)
        self.assertNotIn("Draft", page)
        self.assertIn("error", self._sign(visit=planned))
        self.assertNotIn("pdf", self._report(visit=planned).headers["Content-Type"])
        cancelled = self._create_visit(self.ticket)
        cancelled.state = "cancelled"
        self.assertIn("error", self._sign(visit=cancelled))
        self.assertFalse((planned | cancelled).filtered("signed_at"))

    def test_what_was_read_is_signed(self):
        self._login(self.customer_user)
        read = self.visit._get_report_hash()
        self.visit.work_done = "New fuse, and 500 Euro for us"
        self.assertIn("error", self._sign(read=read))
        self.assertFalse(self.visit.signed_at)
        self.assertIn("redirect_url", self._sign())

    def test_a_name_and_a_picture(self):
        self._login(self.customer_user)
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        for params in (
            {"name": " "},
            {"name": None},
            {"name": ["Carla"]},
            {"signature": None},
            {"signature": ""},
            {"signature": 7},
            {"signature": "é"},
            {"signature": "AAAA"},
            {"signature": picture()[:60]},
            {"signature": svg},
            {"signature": picture(kind="GIF")},
            {"signature": picture(drawn=False)},
            {"signature": "A" * (1024 * 1024 + 4)},
        ):
            with self.subTest(params=str(params)[:60]):
                self.assertIn("error", self._sign(**params))
        self.assertFalse(self.visit.signed_at or self.visit.signature)

    def test_the_picture_is_of_bounded_size(self):
        self._login(self.customer_user)
        self._sign(signature=picture(size=(3000, 900)), name="C" * 500)
        image = Image.open(io.BytesIO(base64.b64decode(self.visit.signature)))
        self.assertEqual(image.size, (1200, 360))
        self.assertEqual(len(self.visit.signed_by), 100)

    @mute_logger("odoo.http")
    def test_signed_by_post_alone(self):
        self._login(self.customer_user)
        path = f"/my/tickets/{self.ticket.id}/visits/{self.visit.id}/sign"
        self.url_open(f"{path}?name=Carla&signature={picture()}")
        self.url_open(path, data={"name": "Carla", "signature": picture()})
        self.visit.invalidate_recordset()
        self.assertFalse(self.visit.signed_at)

    def test_the_address_of_the_dialog_leads_to_the_ticket(self):
        path = f"/my/tickets/{self.ticket.id}/visits/{self.visit.id}/sign"
        self._login(self.customer_user)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.url.endswith(f"/my/tickets/{self.ticket.id}"), response.url)

    def test_the_report(self):
        self._login(self.customer_user)
        response = self._report()
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_asked_for_the_signature(self):
        self.visit.action_ask_signature()
        message = self.ticket.message_ids[0]
        self.assertIn("sign it", message.body)
        self.assertIn(self.ticket.partner_id, message.notified_partner_ids)
        with self.assertRaises(AccessError):
            self.visit.with_user(self.expert).action_ask_signature()
        planned = self.visit.copy()
        with self.assertRaises(UserError):
            planned.action_ask_signature()

    def test_who_signed_is_not_entered(self):
        with self.assertRaises(AccessError):
            self.visit.signer_partner_id = self.contact
        visit = self.visit.create(
            {
                "ticket_id": self.ticket.id,
                "start": "2026-03-02 08:00:00",
                "signer_partner_id": self.contact.id,
            }
        )
        self.assertFalse(visit.signer_partner_id)
