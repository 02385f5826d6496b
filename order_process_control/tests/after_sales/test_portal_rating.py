from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import without_commits
from .portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalRating(PortalCommon):
    """Asked once, given once, by the customer alone."""

    def setUp(self):
        super().setUp()
        self._close(self.ticket)

    def _close(self, ticket, days=0):
        self._resolve(ticket)
        ticket.sudo()._confirm_solved(ticket.partner_id)
        if days:
            closed_at = fields.Datetime.now() - timedelta(days=days)
            ticket.sudo()._set_state("closed", closed_at=closed_at)

    def _path(self, ticket=None):
        ticket = ticket or self.ticket
        return f"/my/tickets/rate/{ticket.with_user(SUPERUSER_ID)._rating_get_access_token()}"

    def _given(self):
        return self.ticket._get_ratings().filtered("consumed").mapped("rating")

    def test_by_the_link_of_the_mail_and_only_once(self):
        path = self._path()
        self._logout(path)
        self.url_open(f"{path}?rate=1")
        self.assertFalse(self._given())
        page = self._post(path, rate="5", feedback="Good")
        self.assertIn("Thank you", page.text)
        self._post(path, rate="1", feedback="Changed my mind")
        self.assertEqual(self._given(), [5])
        self.assertEqual(self.ticket._get_ratings().feedback, "Good")
        self._login(self.customer_user)
        self._post(f"/my/tickets/{self.ticket.id}/rate", rate="1")
        self.assertEqual(self._given(), [5])
        self.assertEqual(len(self.ticket._get_ratings()), 1)
        # Nor by code of others, with all rights
        with self.assertRaisesRegex(UserError, "was rated already"):
            self.ticket.sudo().rating_apply(1, rating=self.ticket._get_ratings())
        self.assertEqual(self._given(), [5])
        self.assertEqual(self.ticket.state, "closed")

    @mute_logger("odoo.http")
    def test_not_by_another_customer(self):
        path, token = self._path(), self.ticket.with_user(SUPERUSER_ID)._rating_get_access_token()
        self._login(self.stranger_user)
        self.assertNotIn(self.ticket.name, self.url_open(path).text)
        self._post(path, rate="1")
        self._post(f"/my/tickets/{self.ticket.id}/rate", rate="1")
        self._post(f"/rate/{token}/submit_feedback", rate="1")
        self.assertFalse(self._given())

    def test_not_by_the_faces_of_odoo(self):
        token = self.ticket.with_user(SUPERUSER_ID)._rating_get_access_token()
        self._login(self.customer_user)
        self.assertIn("/my/tickets/rate/", self.url_open(f"/rate/{token}/5").url)
        self._post(f"/rate/{token}/submit_feedback", rate="1")
        self.assertFalse(self._given())
        for user in (self.customer_user, self.agent, self.process_manager):
            with self.assertRaises(UserError):
                self.ticket.with_user(user).rating_apply(5, token=token)
        self.assertFalse(self._given())

    def test_not_by_a_message(self):
        self._login(self.customer_user)
        for user in (self.customer_user, self.agent):
            self.ticket.with_user(user).message_post(body=Markup("x"), rating_value=5)
        message = self.ticket.with_user(self.agent).message_post(
            body=Markup("x"), message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.ticket.with_user(self.agent)._message_update_content(message, body="y", rating_value=5)
        self.assertFalse(self.ticket._get_ratings())

    def test_not_by_employees(self):
        self.ticket.with_user(SUPERUSER_ID)._rating_get_access_token()
        rating = self.ticket._get_ratings()
        model = self.env["ir.model"]._get_id("order.ticket")
        vals = {"res_model_id": model, "res_id": self.ticket.id, "rating": 5, "consumed": True}
        for user in (self.agent, self.process_manager):
            with self.assertRaises(AccessError):
                rating.with_user(user).write({"rating": 5, "consumed": True})
            with self.assertRaises(AccessError):
                self.env["rating.rating"].with_user(user).create(vals)

    def test_not_before_the_end_and_not_for_ever(self):
        self._close(self.other_ticket, days=31)
        path = self._path(self.other_ticket)
        self._login(self.stranger_user)
        self._post(path, rate="1")
        self.assertFalse(self.other_ticket._get_ratings().filtered("consumed"))
        self.ticket.with_user(self.agent).action_reopen("It is back")
        self._login(self.customer_user)
        self._post(f"/my/tickets/{self.ticket.id}/rate", rate="1")
        self.assertFalse(self._given())

    def test_low_rating_is_looked_into(self):
        self.ticket.sudo()._customer_rate(1, "Nobody called")
        kind = self.env.ref("order_process_control.mail_activity_type_ticket_low_rating")
        task = self.ticket.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        self.assertEqual(task.user_id, self.leader)
        self._close(self.other_ticket)
        self.other_ticket.sudo()._customer_rate(5, "")
        self.assertNotIn(kind, self.other_ticket.activity_ids.activity_type_id)

    def _ask_ratings(self):
        with without_commits(self.env):
            self.env["order.ticket"]._cron_ask_rating()

    def test_asked_once_and_reminded_once(self):
        def subjects():
            mails = self.env["mail.mail"].search([("recipient_ids", "=", self.contact.id)])
            return [m.subject for m in mails if "how satisfied" in (m.body_html or "")]

        self._ask_ratings()
        self.assertFalse(subjects())
        self.ticket.sudo()._set_state("closed", closed_at=fields.Datetime.now() - timedelta(days=2))
        for _run in range(2):
            self._ask_ratings()
            self.assertEqual(len(subjects()), 1)
        self.ticket.sudo()._set_state(
            "closed", rating_asked_at=fields.Datetime.now() - timedelta(days=8)
        )
        for _run in range(2):
            self._ask_ratings()
            self.assertEqual(len(subjects()), 1 + 1)

    def test_who_has_rated_is_not_asked(self):
        self.ticket.sudo()._customer_rate(4, "")
        self.ticket.sudo()._set_state("closed", closed_at=fields.Datetime.now() - timedelta(days=2))
        before = len(self.ticket.message_ids)
        self._ask_ratings()
        self.assertEqual(len(self.ticket.message_ids), before)
