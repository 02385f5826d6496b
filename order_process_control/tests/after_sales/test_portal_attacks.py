from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal import PortalCommon

CHANGES = ("message", "confirm", "reopen", "rate", "result")
HTTP_LOGGERS = ("odoo.http", "odoo.addons.base.models.ir_http")


@tagged("post_install", "-at_install")
class TestPortalAttacks(PortalCommon):
    """What somebody outside must not reach: another's ticket, order, address, delivery, rating."""

    def test_ticket_of_another_customer_by_id(self):
        self._login(self.stranger_user)
        self._resolve(self.ticket)
        path = f"/my/tickets/{self.ticket.id}"
        page = self.url_open(path)
        self.assertNotIn(self.ticket.name, page.text)
        for action in CHANGES:
            page = self._post(
                f"{path}/{action}", message="x", reason="x", rate="1", result="x", is_solved="no"
            )
            self.assertNotIn(self.ticket.name, page.text)
        self.assertEqual((self.ticket.state, self.ticket.reopen_count), ("resolved", 0))
        self.assertFalse(self.ticket._get_ratings())
        self.assertNotIn("x", self.ticket._get_portal_messages().mapped("body"))

    def test_ticket_by_the_key_of_another(self):
        self._resolve(self.ticket)
        self._key()
        for key in (self._key(self.other_ticket), "", "é", "\x00", "None", self._key() + "0"):
            self.authenticate(None, None)
            page = self.url_open(f"/my/tickets/{self.ticket.id}", timeout=60)
            response = self.opener.get(
                f"{self.base_url()}/my/tickets/{self.ticket.id}", params={"access_token": key}
            )
            for text in (page.text, response.text):
                self.assertNotIn(self.ticket.name, text)
            self.assertLess(response.status_code, 500)

    @mute_logger(*HTTP_LOGGERS)
    def test_ticket_that_has_become_another_customers(self):
        ticket = self._create_ticket(partner_id=self.contact.id)
        ticket.message_subscribe(partner_ids=self.contact.ids)
        key = self._key(ticket)
        ticket.with_user(self.agent).partner_id = self.stranger
        self.assertNotIn(self.contact, ticket.message_partner_ids)
        self.assertNotEqual(self._key(ticket), key)
        self._login(self.customer_user)
        page = self.url_open(f"/my/tickets/{ticket.id}?access_token={key}").text
        self.assertNotIn(ticket.name, page)

    def test_who_handled_it_hears_no_more_of_it(self):
        other = self.env["res.partner"].create({"name": "Other merchant", "is_company": True})
        ticket = self.ticket.with_user(self.agent)
        ticket.handler_partner_id = self.merchant
        self._login(self.merchant_user)
        partner_ids = self.merchant_user.partner_id.ids
        self._call("order.ticket", "message_subscribe", ticket.ids, partner_ids=partner_ids)
        followers = ticket.sudo().message_partner_ids
        self.assertIn(self.merchant_user.partner_id, followers)
        ticket.handler_partner_id = other
        gone = followers - ticket.sudo().message_partner_ids
        self.assertEqual(gone, self.merchant_user.partner_id)

    def test_children_of_another(self):
        line = self.env["order.ticket.line"].create(
            {"ticket_id": self.other_ticket.id, "product_id": self.product.id}
        )
        visit = self.env["order.ticket.visit"].create(
            {
                "ticket_id": self.ticket.id,
                "start": "2030-01-01 10:00:00",
                "user_id": self.agent.id,
            }
        )
        self._login(self.customer_user)
        access = "odoo.exceptions.AccessError"
        with mute_logger("odoo.http"):
            for model, ids in (
                ("order.ticket", self.other_ticket.ids),
                ("order.ticket.line", line.ids),
                ("order.ticket.visit", visit.ids),
                ("order.deadline", self.env["order.deadline"].search([], limit=1).ids),
                ("rating.rating", [1]),
            ):
                self.assertEqual(self._call(model, "read", ids, ["id"]), access, model)
            own = self.env["order.ticket.line"].create(
                {"ticket_id": self.ticket.id, "product_id": self.product.id}
            )
            for model, ids in (("order.ticket", self.ticket.ids), ("order.ticket.line", own.ids)):
                for method, args in (
                    ("write", [ids, {"company_id": 1}]),
                    (
                        "create",
                        [[{"subject": "x"} if model == "order.ticket" else {"quantity": 1}]],
                    ),
                    ("unlink", [ids]),
                ):
                    self.assertEqual(self._call(model, method, *args), access, (model, method))
            for method, args in (
                ("action_take", []),
                ("action_resolve", ["x", "advice"]),
                ("action_cancel", ["x"]),
                ("action_wait_customer", ["x"]),
                ("action_escalate", ["x"]),
                ("action_file_result", ["x", True, "repair"]),
            ):
                self.assertEqual(
                    self._call("order.ticket", method, self.ticket.ids, *args), access, method
                )
            self.assertEqual(
                self._call("order.ticket", "action_reopen", self.other_ticket.ids, "x"), access
            )
            self.assertEqual(
                self._call("order.ticket", "_confirm_solved", self.ticket.ids, 1), access
            )
            for name in ("access_token", "result", "handler_result", "tier"):
                answer = self._call("order.ticket", "read", self.ticket.ids, [name])
                self.assertEqual(answer, access, name)
                answer = self._call("order.ticket", "search", [(name, "!=", False)])
                self.assertEqual(answer, access, name)

    @mute_logger(*HTTP_LOGGERS)
    def test_nothing_is_changed_by_get_or_without_the_key_of_the_form(self):
        self._login(self.customer_user)
        self._resolve(self.ticket)
        path = f"/my/tickets/{self.ticket.id}"
        count = self._count()
        for action in CHANGES:
            values = "message=x&reason=x&rate=1&result=x"
            self.url_open(f"{path}/{action}?{values}&csrf_token={self.csrf}")
            response = self._post(f"{path}/{action}", csrf=False, message="x", reason="x", rate="1")
            self.assertEqual(response.status_code, 400, action)
        form = self._form()
        query = "&".join(f"{name}={value}" for name, value in form.items())
        self.url_open(f"/my/tickets/new?{query}&csrf_token={self.csrf}")
        self._post("/my/tickets/new", csrf=False, **form)
        self.assertEqual(self._count(), count)
        self.assertEqual((self.ticket.state, self.ticket.reopen_count), ("resolved", 0))

    def test_order_of_another_through_ones_own_form(self):
        self._login(self.customer_user)
        count = self._count()
        path = f"/my/orders/{self.other_order.id}/ticket"
        for key in ("", self._key(), self.order._portal_ensure_token()):
            page = self.url_open(f"{path}?access_token={key}")
            self.assertNotIn(self.other_order.name, page.text)
            self._post(path, access_token=key, **self._form())
        self.assertEqual(self._count(), count)
        # What the form does not offer is not taken from it
        line = self.other_order.order_line[:1]
        self._post(
            f"/my/orders/{self.order.id}/ticket",
            **self._form(
                partner_id=self.stranger.id,
                order_id=self.other_order.id,
                company_id=0,
                state="closed",
                user_id=self.agent2.id,
                handler_partner_id=self.contact.id,
                priority="3",
                channel="phone",
                **{f"quantity_{line.id}": "1", "reason": "defective"},
            ),
        )
        ticket = self._latest()
        self.assertRecordValues(
            ticket,
            [
                {
                    "partner_id": self.contact.id,
                    "order_id": self.order.id,
                    "state": "new",
                    "handler_partner_id": False,
                    "channel": "portal",
                }
            ],
        )
        self.assertFalse(ticket.line_ids)
        archived = self.env["order.ticket.category"].create({"name": "Old", "active": False})
        self._post("/my/tickets/new", **self._form(category_id=archived.id))
        self.assertEqual(self._latest(), ticket)

    @mute_logger(*HTTP_LOGGERS)
    def test_delivery_and_address_of_another_through_ones_own_key(self):
        self._login(self.customer_user)
        picking = self.other_order.picking_ids[:1]
        # Odoo's own route breaks where there is no key at all
        self.other_order._portal_ensure_token()
        for key in (self._key(), self.order._portal_ensure_token()):
            response = self.url_open(f"/my/picking/pdf/{picking.id}?access_token={key}")
            self.assertEqual(response.status_code, 404)
        page = self.url_open(f"/my/orders/{self.other_order.id}?access_token={self._key()}")
        self.assertNotIn(self.other_order.name, page.text)

    def test_file_of_another(self):
        self.other_ticket._customer_post(self.stranger, "See", [("secret.txt", b"secret")])
        attachment = self.other_ticket._get_portal_messages().attachment_ids
        self._login(self.customer_user)
        with mute_logger(*HTTP_LOGGERS):
            for key in ("", self._key()):
                response = self.url_open(f"/web/content/{attachment.id}?access_token={key}")
                self.assertNotIn("secret", response.text)

    def test_uploaded_page_is_no_page_of_ours(self):
        self._login(self.customer_user)
        page = b"<html><script>alert(1)</script></html>"
        self._post(
            f"/my/tickets/{self.ticket.id}/message",
            files={"files": ("x.html", page, "text/html")},
            message="See",
        )
        attachment = self.ticket._get_portal_messages()[-1].attachment_ids
        self.assertEqual(attachment.raw, page)
        self.assertEqual(attachment.mimetype, "text/plain")

    def test_flood_of_tickets(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("order_process_control.ticket_per_hour", "3")
        self._login(self.customer_user)
        count = self._count()
        for _number in range(4):
            page = self._post("/my/tickets/new", **self._form())
        # One of them is there from the beginning
        self.assertEqual(self._count(), count + 2)
        self.assertIn("within an hour", page.text)
        # The others of the same company share it, strangers do not
        self._login(self.stranger_user)
        self._post("/my/tickets/new", **self._form())
        self.assertEqual(self._count(), count + 3)

    def test_flood_of_files_and_messages(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for name, value in (
            ("ticket_file_megabytes", "1"),
            ("ticket_file_count", "2"),
            ("ticket_file_per_hour", "3"),
            ("ticket_message_per_hour", "4"),
        ):
            parameters.set_param(f"order_process_control.{name}", value)
        self._login(self.customer_user)
        path = f"/my/tickets/{self.ticket.id}/message"
        large = [("files", ("large.txt", b"x" * (1024 * 1024 + 1)))]
        many = [("files", (f"{number}.txt", b"x")) for number in range(3)]
        self.assertIn("larger than 1 MB", self._post(path, files=large, message="x").text)
        self.assertIn("at most 2 files", self._post(path, files=many, message="x").text)
        self.assertFalse(self.ticket._get_portal_messages())
        self._post(path, files=many[:2], message="x")
        self.assertIn("a little later", self._post(path, files=many[:2], message="x").text)
        self.assertEqual(len(self.ticket._get_portal_messages()), 1)
        for _number in range(4):
            page = self._post(path, message="y")
        self.assertIn("a little later", page.text)
        self.assertEqual(len(self.ticket._get_portal_messages()), 4)
        with mute_logger(*HTTP_LOGGERS):
            answer = self._rpc(
                "/mail/message/post",
                thread_model="order.ticket",
                thread_id=self.ticket.id,
                post_data={"body": "z"},
            )
            self.assertEqual(answer, "odoo.exceptions.UserError")
            self.assertEqual(
                self._call("order.ticket", "message_post", self.ticket.ids, body="z"),
                "odoo.exceptions.UserError",
            )
        self.assertEqual(len(self.ticket._get_portal_messages()), 4)

    @mute_logger(*HTTP_LOGGERS)
    def test_files_come_with_messages_only(self):
        self._login(self.customer_user)
        before = self.env["ir.attachment"].search_count([])
        response = self._post(
            "/mail/attachment/upload",
            files={"ufile": ("x.txt", b"x")},
            thread_id=self.ticket.id,
            thread_model="order.ticket",
            is_pending="true",
        )
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_messages_in_the_name_of_others(self):
        self._login(self.customer_user)
        self._call(
            "order.ticket",
            "message_post",
            self.ticket.ids,
            body="Please pay",
            author_id=self.agent.partner_id.id,
            email_from="boss@example.com",
            partner_ids=self.stranger.ids,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            rating_value=5,
        )
        message = self.ticket._get_portal_messages()
        self.assertEqual(message.author_id, self.contact)
        self.assertFalse(message.partner_ids)
        self.assertFalse(self.ticket._get_ratings())

    @mute_logger(*HTTP_LOGGERS)
    def test_notes_are_internal(self):
        self.ticket.with_user(self.agent).action_wait_internal("The customer is difficult")
        notes = self.ticket.message_ids.filtered(lambda m: "difficult" in (m.body or ""))
        self.assertTrue(notes)
        self.ticket.with_user(self.agent).handler_partner_id = self.merchant
        for user in (self.customer_user, self.merchant_user):
            self._login(user)
            page = self.url_open(f"/my/tickets/{self.ticket.id}").text
            self.assertNotIn("difficult", page)
            answer = self._call("mail.message", "read", notes.ids, ["body"])
            self.assertEqual(answer, "odoo.exceptions.AccessError")

    def test_malformed_requests(self):
        self._login(self.customer_user)
        huge = "9" * 30
        paths = [
            f"/my/tickets/{huge}",
            "/my/tickets/0",
            "/my/tickets/-1",
            "/my/tickets/abc",
            "/my/tickets/2147483648",
            f"/my/orders/{huge}/ticket",
            f"/my/orders/{self.order.id}/ticket?access_token=%C3%A9%00",
            f"/my/tickets/page/{huge}",
            "/my/tickets/page/0",
            "/my/tickets?sortby=x&filterby=y&search=%00%25%27&search_in=z&page=q",
            "/my/tickets?sortby=&filterby=&search=%ED%A0%80",
            "/my/handled-tickets?sortby=nope",
            "/my/tickets/new?order_id=abc",
            f"/my/tickets/new?order_id={huge}",
            f"/my/tickets/{self.ticket.id}?access_token=%00&done=x",
            "/my/tickets/rate/%00",
            "/my/tickets/rate/%C3%A9",
            "/my/tickets/rate/x",
        ]
        with mute_logger(*HTTP_LOGGERS):
            for path in paths:
                self.assertLess(self.url_open(path).status_code, 500, path)
            for path, values in (
                (f"/my/tickets/{huge}/message", {"message": "x"}),
                (f"/my/tickets/{self.ticket.id}/rate", {"rate": "abc", "feedback": "\x00"}),
                (f"/my/tickets/{self.ticket.id}/message", {"message": "\x00" * 10}),
                ("/my/tickets/new", self._form(category_id="x" * 50)),
                ("/my/tickets/new", self._form(category_id=huge)),
                ("/my/tickets/new", self._form(subject="\x00", description="x" * 20000)),
                ("/my/tickets/rate/x", {"rate": "9"}),
            ):
                self.assertLess(self._post(path, **values).status_code, 500, path)
            line = self.order.order_line[:1]
            for quantity in ("nan", "inf", "1e400", "-inf", "abc", "1e300", "\x00", "٣"):
                response = self._post(
                    f"/my/orders/{self.order.id}/ticket",
                    **self._form(**{f"quantity_{line.id}": quantity, "reason": "x"}),
                )
                self.assertLess(response.status_code, 500, quantity)
            # Files where text is expected
            response = self._post(
                "/my/tickets/new",
                files={"subject": ("x.txt", b"x"), "category_id": ("y.txt", b"y")},
                description="x",
            )
            self.assertLess(response.status_code, 500)
        self.assertFalse(self._latest().line_ids)

    def test_employees_use_the_back_office(self):
        self.authenticate("opc_agent", "opc_agent")
        page = self.url_open(f"/my/tickets/{self.ticket.id}").text
        self.assertIn(self.ticket.name, page)
        self._resolve(self.ticket)
        self.csrf = self._find_csrf(self.url_open("/my/tickets/new").text)
        count = self._count()
        self._post(f"/my/tickets/{self.ticket.id}/confirm")
        self._post("/my/tickets/new", **self._form())
        self.assertEqual((self.ticket.state, self._count()), ("resolved", count))
