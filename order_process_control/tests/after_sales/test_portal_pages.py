from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalPages(PortalCommon):
    """What customers and merchants do on their pages."""

    def _quantity(self, product):
        line = self.order.order_line.filtered(lambda line: line.product_id == product)
        return f"quantity_{line.id}"

    def test_customer_opens_a_ticket_on_their_order(self):
        self._login(self.customer_user)
        page = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertIn(f"/my/orders/{self.order.id}/ticket", page)
        path = f"/my/orders/{self.order.id}/ticket"
        form = self._form(
            **{self._quantity(self.lamp): "2", "reason": "defective", "outcome": "exchange"}
        )
        response = self._post(path, files={"files": ("photo.txt", b"flicker")}, **form)
        ticket = self._latest()
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"/my/tickets/{ticket.id}", response.url)
        self.assertIn("We have received your request", response.text)
        self.assertRecordValues(
            ticket,
            [
                {
                    "partner_id": self.contact.id,
                    "order_id": self.order.id,
                    "channel": "portal",
                    "state": "new",
                    "subject": "It flickers",
                }
            ],
        )
        self.assertRecordValues(
            ticket.line_ids,
            [
                {
                    "product_id": self.lamp.id,
                    "quantity": 2,
                    "reason": "defective",
                    "requested_outcome": "exchange",
                }
            ],
        )
        self.assertEqual(ticket._get_portal_messages().attachment_ids.raw, b"flicker")
        self.assertIn("photo.txt", response.text)

    def test_never_more_than_delivered_and_not_on_another_ticket(self):
        self._login(self.customer_user)
        path, name = f"/my/orders/{self.order.id}/ticket", self._quantity(self.lamp)
        count = self._count()
        for quantity in ("5", "-1"):
            page = self._post(path, **self._form(**{name: quantity, "reason": "defective"}))
            self.assertIn("4 can be reported", page.text)
            self.assertIn("Since yesterday", page.text)
        self._post(path, **self._form(**{name: "3", "reason": "defective"}))
        page = self._post(path, **self._form(**{name: "2", "reason": "defective"}))
        self.assertIn("1 can be reported", page.text)
        self.assertEqual(self._count(), count + 1)

    def test_without_an_order(self):
        self._login(self.customer_user)
        self.assertIn(self.order.name, self.url_open("/my/tickets/new").text)
        self._post("/my/tickets/new", **self._form())
        ticket = self._latest()
        self.assertEqual((ticket.partner_id, ticket.order_id.id), (self.contact, False))
        count = self._count()
        page = self._post("/my/tickets/new", **self._form(subject=" "))
        self.assertIn("what is wrong", page.text)
        page = self._post("/my/tickets/new", **self._form(category_id=""))
        self.assertIn("what your request is about", page.text)
        self.assertEqual(self._count(), count)

    def test_list_shows_what_happens_next(self):
        self._login(self.customer_user)
        page = self.url_open("/my/tickets").text
        self.assertIn(self.ticket.name, page)
        self.assertNotIn("Secret matter", page)
        self.assertNotIn(self.ticket.name, self.url_open("/my/tickets?search=nothing").text)
        self.assertIn(self.ticket.name, self.url_open("/my/tickets?search=not+work").text)
        self.assertNotIn(self.ticket.name, self.url_open("/my/tickets?filterby=ended").text)
        self.ticket.with_user(self.agent).action_wait_customer("Which colour?")
        page = self.url_open("/my/tickets?filterby=asked&sortby=old").text
        self.assertIn("Waiting for You", page)
        self.assertIn(self.ticket.name, page)

    def test_promised_until_when(self):
        deadline = self.env["order.deadline"].search(
            [("res_model", "=", "order.ticket"), ("res_id", "=", self.ticket.id)], limit=1
        )
        self.assertTrue(deadline)
        notice = self.ticket._get_portal_notices("UTC")[self.ticket.id]
        self.assertIn("at the latest", notice["text"])
        deadline.sudo().search([]).write({"deadline": "2001-01-01 00:00:00"})
        notice = self.ticket._get_portal_notices("UTC")[self.ticket.id]
        self.assertIn("as soon as possible", notice["text"])

    def test_answered_confirmed_and_rated(self):
        self._login(self.customer_user)
        path = f"/my/tickets/{self.ticket.id}"
        self.ticket.with_user(self.agent).action_wait_customer("Which colour?")
        page = self._post(f"{path}/message", message="Red")
        self.assertIn("Red", page.text)
        self.assertEqual(self.ticket.state, "in_progress")
        self._resolve(self.ticket)
        self.assertIn("Is this solved for you?", self.url_open(path).text)
        self._post(f"{path}/confirm")
        self.assertRecordValues(
            self.ticket,
            [{"state": "closed", "confirmation": "customer", "confirmed_by": self.contact.id}],
        )
        self._post(f"{path}/rate", rate="4", feedback="Quick")
        rating = self.ticket._get_ratings()
        self.assertEqual((rating.rating, rating.feedback, rating.consumed), (4, "Quick", True))
        self.assertEqual(self.ticket.state, "closed")

    def test_not_solved_says_why(self):
        self._login(self.customer_user)
        path = f"/my/tickets/{self.ticket.id}"
        self._resolve(self.ticket)
        page = self._post(f"{path}/reopen", reason=" ")
        self.assertIn("what is not solved yet", page.text)
        self.assertEqual(self.ticket.state, "resolved")
        self._post(f"{path}/reopen", reason="It squeaks")
        self.assertRecordValues(
            self.ticket,
            [{"state": "in_progress", "reopen_count": 1, "reopen_reason": "It squeaks"}],
        )
        page = self._post(f"{path}/confirm")
        self.assertIn("not waiting for your confirmation", page.text)
        self._resolve(self.ticket)
        self.ticket.with_user(self.agent).action_confirm_solved("By phone")
        self._post(f"{path}/reopen", reason="It is back")
        self.assertEqual((self.ticket.state, self.ticket.reopen_count), ("in_progress", 2))

    def test_link_in_a_mail_needs_no_account(self):
        self._resolve(self.ticket)
        path = f"/my/tickets/{self.ticket.id}"
        self._logout(f"{path}?access_token={self._key()}")
        self.assertTrue(self.csrf)
        page = self._post(f"{path}/message", access_token=self._key(), message="Thank you")
        self.assertIn("Thank you", page.text)
        message = self.ticket._get_portal_messages()[-1]
        self.assertEqual(message.author_id, self.contact)
        self._resolve(self.ticket)
        self._post(f"{path}/confirm", access_token=self._key())
        self.assertEqual(self.ticket.confirmed_by, self.contact)

    def test_order_link_opens_a_ticket_without_an_account(self):
        path, key = f"/my/orders/{self.order.id}/ticket", self.order._portal_ensure_token()
        self._logout(f"{path}?access_token={key}")
        response = self._post(path, access_token=key, **self._form())
        ticket = self._latest()
        self.assertEqual((ticket.order_id, ticket.partner_id), (self.order, self.customer))
        self.assertIn(f"access_token={ticket.access_token}", response.url)
        self.assertIn(ticket.name, response.text)

    def test_merchant_files_the_result(self):
        self.ticket.with_user(self.agent).handler_partner_id = self.merchant
        self.assertEqual(self.ticket.handler_state, "asked")
        for user in (self.customer_user, self.agent):
            with self.assertRaisesRegex(AccessError, "Only who handles this ticket"):
                self.ticket.with_user(user).action_file_result("x", True, "repair")
        self.assertEqual(self.ticket.handler_state, "asked")
        self._login(self.merchant_user)
        self.assertIn(self.ticket.name, self.url_open("/my/handled-tickets").text)
        self.assertNotIn(self.ticket.name, self.url_open("/my/tickets").text)
        path = f"/my/tickets/{self.ticket.id}"
        page = self.url_open(path).text
        self.assertIn(self.order.name, page)
        self.assertIn("contact@example.com", page)
        page = self._post(f"{path}/result", result=" ", is_solved="no")
        self.assertIn("also if it is not solved", page.text)
        page = self._post(f"{path}/result", result="Mended", is_solved="yes", resolution="magic")
        self.assertEqual(self.ticket.handler_state, "asked")
        self._post(f"{path}/result", result="Mended", is_solved="yes", resolution="repair")
        self.assertRecordValues(
            self.ticket,
            [{"state": "resolved", "result": "Mended", "handler_state": "solved"}],
        )
        self.assertEqual(self.ticket.handler_filed_by, self.merchant)
        self.assertIn(self.ticket.name, self.url_open("/my/handled-tickets?filterby=all").text)

    def test_unsolved_goes_back_to_the_agent(self):
        self.ticket.with_user(self.agent).handler_partner_id = self.merchant
        self._login(self.merchant_user)
        path = f"/my/tickets/{self.ticket.id}/result"
        self._post(path, result="We do not have the part", is_solved="no")
        self.assertRecordValues(
            self.ticket, [{"state": "in_progress", "handler_state": "unsolved", "result": False}]
        )
        tasks = self.ticket.activity_ids.filtered(
            lambda task: task.activity_type_id
            == self.env.ref("order_process_control.mail_activity_type_ticket_returned")
        )
        self.assertEqual(tasks.user_id, self.ticket.user_id)
        page = self._post(path, result="Again", is_solved="no")
        self.assertEqual(self.ticket.handler_result, "We do not have the part")
        self.assertEqual(page.status_code, 200)

    def test_handler_is_not_the_customer(self):
        self.ticket.with_user(self.agent).handler_partner_id = self.merchant
        self._resolve(self.ticket)
        self._key()
        self._login(self.merchant_user)
        path = f"/my/tickets/{self.ticket.id}"
        for action, data in (
            ("confirm", {}),
            ("reopen", {"reason": "x"}),
            ("rate", {"rate": "1"}),
        ):
            self._post(f"{path}/{action}", **data)
        self.assertEqual((self.ticket.state, self.ticket.reopen_count), ("resolved", 0))
        ticket = self.ticket.with_user(self.merchant_user)
        with self.assertRaises(AccessError):
            ticket.read(["access_token"])
        self.assertNotIn("access_token", ticket._get_share_url())
        for speak in (ticket.action_confirm_solved, ticket.action_reopen):
            with self.assertRaisesRegex(AccessError, "belongs to somebody else"):
                speak("On behalf of the customer")
        self.assertEqual((self.ticket.state, self.ticket.reopen_count), ("resolved", 0))
        response = self.url_open(f"/mail/view?model=order.ticket&res_id={self.ticket.id}")
        self.assertNotIn(self._key(), response.url)
