from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import TicketCommon

MAIL = """From: {sender}
To: {to}
Cc: {cc}
Subject: {subject}
Message-Id: <{number}@example.com>
Date: Fri, 27 Nov 2026 10:00:00 +0000
{headers}Content-Type: text/plain; charset=utf-8

{body}
"""
LOGGERS = ("odoo.addons.mail.models.mail_thread",)


@tagged("post_install", "-at_install")
class TestTicketMail(TicketCommon, MailCommon):
    """Tickets by mail: from whom, for which order, and what makes none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"alias_name": "desk", "alias_domain_id": cls.mail_alias_domain.id})
        cls.address = f"desk@{cls.mail_alias_domain.name}"
        cls.number = 0

    def _receive(self, sender="contact@example.com", subject="It flickers", headers="", **values):
        type(self).number += 1
        mail = MAIL.format(
            sender=sender,
            to=values.get("to", self.address),
            cc=values.get("cc", ""),
            subject=subject,
            number=f"m{self.number}",
            headers=headers,
            body=values.get("body", "Since yesterday"),
        )
        tickets = self.env["order.ticket"]
        before = tickets.search([])
        with mute_logger(*LOGGERS), self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, mail)
        return tickets.search([]) - before

    def test_mail_of_a_customer(self):
        order = self._deliver()
        ticket = self._receive(subject=f"Re: {order.name}, it flickers")
        self.assertRecordValues(
            ticket,
            [
                {
                    "partner_id": self.contact.id,
                    "team_id": self.team.id,
                    "order_id": order.id,
                    "channel": "email",
                    "state": "new",
                    "subject": f"Re: {order.name}, it flickers",
                }
            ],
        )
        self.assertIn("Since yesterday", ticket.description)
        self.assertTrue(ticket.user_id)
        self.assertIn(self.contact, ticket.message_partner_ids)
        receipt = self._new_mails.filtered(lambda mail: mail.res_id == ticket.id)
        self.assertIn(self.contact, receipt.recipient_ids)
        self.assertTrue(all("X-Auto-Response-Suppress" in (m.headers or "") for m in receipt))

    def test_order_of_another_customer_is_not_found(self):
        order = self._deliver()
        ticket = self._receive(sender="new@example.com", subject=f"{order.name}")
        self.assertEqual(ticket.partner_id.email, "new@example.com")
        self.assertFalse(ticket.order_id)

    def test_machines_make_nothing(self):
        for headers in (
            "Auto-Submitted: auto-replied\n",
            "Auto-Submitted: auto-generated; x=y\n",
            "Precedence: bulk\n",
            "Precedence: auto_reply\n",
            "X-Auto-Response-Suppress: All\n",
            "X-Autoreply: yes\n",
        ):
            self.assertFalse(self._receive(headers=headers), headers)
        self.assertTrue(self._receive(headers="Auto-Submitted: no\n"))

    def test_our_own_addresses_make_nothing(self):
        self.company.email = "office@example.com"
        for sender in (self.address, "Office <office@example.com>", "mailer-daemon@example.com"):
            self.assertFalse(self._receive(sender=sender), sender)

    def test_flood_is_bounded(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", "3")
        tickets = [self._receive(subject=f"Number {number}") for number in range(5)]
        self.assertEqual([len(ticket) for ticket in tickets], [1, 1, 1, 0, 0])

    def _answer(self, ticket, sender, body="No, blue", **values):
        message = ticket.message_ids.filtered("message_id")[:1]
        headers = f"In-Reply-To: {message.message_id}\nReferences: {message.message_id}\n"
        headers += values.pop("headers", "")
        return self._receive(sender=sender, headers=headers, body=body, **values)

    def test_answer_joins_and_opens_again(self):
        ticket = self._create_ticket(partner_id=self.contact.id)
        ticket.with_user(self.agent).action_wait_customer("Which colour?")
        self.assertFalse(self._answer(ticket, "contact@example.com"))
        self.assertEqual(ticket.state, "in_progress")
        self._resolve(ticket)
        self._answer(ticket, "careful@example.com")
        self.assertEqual((ticket.state, ticket.reopen_count), ("in_progress", 1))
        self._resolve(ticket)
        count = len(ticket.message_ids)
        self._answer(ticket, "contact@example.com", headers="Auto-Submitted: auto-replied\n")
        self.assertEqual((ticket.state, len(ticket.message_ids)), ("resolved", count))

    def test_answer_to_our_own_mails_is_no_note(self):
        ticket = self._receive()
        ticket.with_user(self.agent).action_wait_customer("Which colour?")
        receipt = ticket.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        headers = f"In-Reply-To: {receipt.message_id}\nReferences: {receipt.message_id}\n"
        self._receive(headers=headers, body="Blue")
        self.assertEqual(ticket.state, "in_progress")

    def test_strangers_do_not_join(self):
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "email": "stranger@example.com"}
        )
        user = self._portal_user(stranger, "opc_stranger")
        ticket = self._receive(cc="stranger@example.com, unknown@example.com, careful@example.com")
        message = ticket._get_portal_messages()
        self.assertNotIn(stranger, message.partner_ids | ticket.message_partner_ids)
        self.assertFalse(ticket.with_user(user).has_access("read"))
        suggested = ticket.with_user(self.agent)._message_get_suggested_recipients(
            reply_discussion=True
        )
        emails = {info["email"] for info in suggested}
        self.assertIn("careful@example.com", emails)
        self.assertNotIn("stranger@example.com", emails)
        self.assertNotIn("unknown@example.com", emails)
        self._resolve(ticket)
        self._answer(ticket, "stranger@example.com", body="Me too")
        self.assertEqual(ticket.state, "resolved")
        self.assertNotIn("Me too", "".join(ticket._get_portal_messages().mapped("body")))
        self.assertIn("Me too", "".join(ticket.message_ids.mapped("body")))

    @mute_logger("odoo.addons.order_process_control.models.after_sales.order_ticket_mail")
    def test_broken_settings_lose_no_mail(self):
        for method in ("_choose_users", "_get_on_duty"):
            with patch.object(
                self.registry["order.ticket.team"], method, side_effect=ValueError("broken")
            ):
                ticket = self._receive(subject=method)
            self.assertEqual(ticket.partner_id, self.contact)
            self.assertIn("by hand", "".join(ticket.message_ids.mapped("body")))
        with patch.object(
            self.registry["order.deadline"], "_start_many", side_effect=ValueError("broken")
        ):
            self.assertTrue(self._receive())
        self.env["order.ticket.category"].search([]).action_archive()
        self.assertTrue(self._receive())

    def test_customers_are_told(self):
        ticket = self._create_ticket(partner_id=self.contact.id)
        with self.mock_mail_gateway():
            self._resolve(ticket)
        told = self._new_mails.filtered(lambda mail: mail.res_id == ticket.id)
        self.assertIn(self.contact, told.recipient_ids)
        self.assertIn("access_token", "".join(told.mapped("body_html")))
        with self.mock_mail_gateway():
            ticket.sudo()._confirm_solved(self.contact)
        closed = self._new_mails.filtered(lambda mail: mail.res_id == ticket.id)
        self.assertIn("is closed", "".join(closed.mapped("subject")))
