from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketFollowUp(TicketCommon):
    """The call some days after closing (R-399)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.follow_up_days = 7
        cls.kind = cls.env.ref("order_process_control.mail_activity_type_ticket_follow_up")
        cls.today = fields.Date.context_today(cls.category)
        cls.ticket = cls._create_ticket(user_id=cls.agent.id)
        cls.ticket.action_take()

    def _close(self, ticket):
        self._resolve(ticket)
        ticket.with_user(self.agent).action_confirm_solved("By phone")

    def _calls(self, ticket=None):
        # As superuser: whoever has them
        tasks = (ticket or self.ticket).sudo().activity_ids
        return tasks.filtered(lambda task: task.activity_type_id == self.kind)

    def test_planned_when_closed(self):
        self.assertFalse(self._calls())
        self._close(self.ticket)
        self.assertEqual(self._calls().user_id, self.agent)
        self.assertEqual(self._calls().date_deadline, self.today + timedelta(days=7))
        self.assertEqual(self.ticket.follow_up_on, self.today + timedelta(days=7))

    def test_not_where_the_category_wants_none(self):
        self.category.follow_up_days = 0
        self._close(self.ticket)
        self.assertFalse(self._calls())
        self.assertFalse(self.ticket.follow_up_on)

    def test_reopened_is_not_called(self):
        self._close(self.ticket)
        self.ticket.action_reopen("It is back")
        self.assertFalse(self._calls())
        self.assertFalse(self.ticket.follow_up_on)
        self._close(self.ticket)
        self.assertEqual(len(self._calls()), 1)

    def test_what_was_heard_is_recorded(self):
        self._close(self.ticket)
        self.ticket.action_record_follow_up("wishes", "A longer cable would help")
        self.assertEqual(self.ticket.follow_up_note, "A longer cable would help")
        self.assertEqual(self.ticket.follow_up_by, self.agent)
        self.assertEqual(self.ticket.state, "closed")
        self.assertFalse(self._calls())
        self.assertIn("longer cable", self.ticket.message_ids[0].body)

    def test_not_satisfied_goes_on(self):
        self._close(self.ticket)
        self.ticket.action_record_follow_up("unsatisfied", "It flickers again")
        self.assertEqual(self.ticket.state, "in_progress")
        self.assertEqual(self.ticket.reopen_reason, "It flickers again")
        self.assertFalse(self._calls())

    def test_not_reached_is_called_again(self):
        self._close(self.ticket)
        self.ticket.action_record_follow_up("unreached", "Nobody answered at ten")
        self.assertEqual(self._calls().date_deadline, self.today + timedelta(days=1))

    def test_by_the_screen(self):
        self._close(self.ticket)
        action = self.ticket.with_context(ticket_step="follow_up").action_open_step()
        step = self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])
        step.write({"text": "All fine", "follow_up_result": "satisfied"})
        step.action_go()
        self.assertEqual(self.ticket.follow_up_result, "satisfied")

    def test_refused(self):
        with self.assertRaises(UserError):
            self.ticket.action_record_follow_up("satisfied", "Too early")
        self._close(self.ticket)
        for result, note in (("satisfied", " "), ("nothing", "x"), (None, "x"), ("satisfied", 1)):
            with self.subTest(result=result, note=note), self.assertRaises(UserError):
                self.ticket.action_record_follow_up(result, note)
        for user in (self.expert, self.salesperson, self.auditor, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.ticket.with_user(user).action_record_follow_up("satisfied", "Fine")
        for vals in ({"follow_up_result": "satisfied"}, {"follow_up_on": False}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.ticket.write(vals)
