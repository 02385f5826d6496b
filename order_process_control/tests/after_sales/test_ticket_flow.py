from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import without_commits
from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketFlow(TicketCommon):
    """From a new ticket to the customer's confirmation."""

    def test_numbers_differ_and_the_matrix_says_the_priority(self):
        first, second = self.env["order.ticket"].create(
            [
                {
                    "subject": subject,
                    "partner_id": self.customer.id,
                    "category_id": self.category.id,
                    "impact": impact,
                    "urgency": urgency,
                }
                for subject, impact, urgency in (("A", "1", "1"), ("B", "3", "2"))
            ]
        )
        self.assertTrue(first.name)
        self.assertNotEqual(first.name, second.name)
        self.assertEqual((first.priority, second.priority), ("0", "2"))
        second.is_major_quality = True
        self.assertEqual(second.priority, "3")

    def test_taken_solved_and_confirmed(self):
        ticket = self._create_ticket(user_id=self.agent2.id)
        ticket.with_user(self.agent).action_take()
        self.assertEqual((ticket.state, ticket.user_id), ("in_progress", self.agent))
        self._resolve(ticket)
        self.assertEqual(ticket.state, "resolved")
        self.assertEqual(ticket.resolved_by, self.agent)
        self.assertTrue(ticket.first_response_at)
        with self.assertRaises(UserError):
            ticket.action_confirm_solved()
        with self.assertRaises(UserError):
            ticket.action_confirm_solved("  ")
        ticket.action_confirm_solved("By phone, Ms Li")
        self.assertEqual((ticket.state, ticket.confirmation), ("closed", "told"))
        self.assertTrue(ticket.closed_at)

    def test_result_is_needed_also_when_unsolved(self):
        ticket = self._create_ticket()
        for result in (None, "", " \n", "\u200b"):
            with self.assertRaises(UserError):
                ticket.action_resolve(result, "unsolved")
        with self.assertRaises(UserError):
            ticket.action_resolve("No idea", None)
        with self.assertRaises(UserError):
            ticket.action_resolve("No idea", "magic")
        ticket.write({"result": "The part is not made any more", "resolution": "unsolved"})
        ticket.action_resolve()
        self.assertEqual((ticket.state, ticket.resolution), ("resolved", "unsolved"))

    def test_customer_confirms(self):
        ticket = self._create_ticket()
        self._resolve(ticket)
        ticket._confirm_solved(self.contact)
        self.assertEqual((ticket.state, ticket.confirmation), ("closed", "customer"))
        self.assertEqual(ticket.confirmed_by, self.contact)

    def test_what_is_not_solved_is_not_closed(self):
        ticket = self._create_ticket()
        with self.assertRaises(UserError):
            ticket.action_confirm_solved("By phone")

    def test_not_satisfied_says_why(self):
        ticket = self._create_ticket()
        self._resolve(ticket)
        with self.assertRaises(UserError):
            ticket.action_reopen(" ")
        ticket.action_reopen("It squeaks")
        self.assertEqual((ticket.state, ticket.reopen_count), ("in_progress", 1))
        self.assertEqual(ticket.reopen_reason, "It squeaks")
        self.assertFalse(ticket.resolved_at)
        with self.assertRaises(UserError):
            ticket.action_reopen("Again")

    def _close_silent(self):
        with without_commits(self.env):
            self.env["order.ticket"]._cron_close_silent()

    def test_silence_closes_only_where_the_team_says_so(self):
        ticket = self._create_ticket()
        self._resolve(ticket)
        ticket.sudo()._set_state("resolved", resolved_at=fields.Datetime.now() - timedelta(days=8))
        self._close_silent()
        self.assertEqual(ticket.state, "resolved")
        self.team.close_after_days = 9
        self._close_silent()
        self.assertEqual(ticket.state, "resolved")
        self.team.close_after_days = 7
        self._close_silent()
        self.assertEqual((ticket.state, ticket.confirmation), ("closed", "silence"))
        self.assertIn("Closed by silence", "".join(ticket.message_ids.mapped("body")))

    def test_what_cannot_be_closed_holds_back_no_other(self):
        tickets = self._create_ticket() | self._create_ticket() | self._create_ticket()
        for ticket in tickets:
            self._resolve(ticket)
        tickets.sudo()._set_state("resolved", resolved_at=fields.Datetime.now() - timedelta(days=8))
        self.team.close_after_days = 7
        broken, closing = tickets[1], type(tickets)._close

        def close(records, *args):
            closing(records, *args)
            if broken in records:
                raise ValueError("Broken")

        with (
            patch.object(type(tickets), "_close", close),
            self.assertLogs("odoo.addons.order_process_control", "ERROR") as logs,
        ):
            self._close_silent()
        self.assertEqual(tickets.mapped("state"), ["closed", "resolved", "closed"])
        self.assertEqual(len(logs.output), 1)
        self.assertIn(broken.name, logs.output[0])
        self._close_silent()
        self.assertEqual(broken.state, "closed")

    def test_answer_of_the_customer_opens_again(self):
        ticket = self._create_ticket()
        with self.assertRaises(UserError):
            ticket.action_wait_customer()
        ticket.action_wait_customer("Which colour?")
        self.assertEqual(ticket.state, "waiting_customer")
        self.assertTrue(ticket.first_response_at)
        self._customer_says(ticket, "Red")
        self.assertEqual(ticket.state, "in_progress")
        self.assertTrue(ticket.customer_waits_since)
        with self.assertRaises(UserError):
            ticket.action_wait_customer()
        self._resolve(ticket)
        self.assertFalse(ticket.customer_waits_since)
        self._customer_says(ticket, "No, blue")
        self.assertEqual((ticket.state, ticket.reopen_count), ("in_progress", 1))
        notes = ticket.message_ids.mapped("body")
        self.assertIn("<p>Reopened: Contact answered.</p>", notes)

    def test_notes_and_strangers_change_nothing(self):
        ticket = self._create_ticket()
        ticket.message_post(body=self.customer.name)
        self.assertFalse(ticket.first_response_at)
        stranger = self.env["res.partner"].create({"name": "Stranger", "email": "s@example.com"})
        self._resolve(ticket)
        ticket.sudo().message_post(
            body=stranger.name,
            author_id=stranger.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(ticket.state, "resolved")

    def test_escalated_to_the_second_line_then_to_its_leader(self):
        ticket = self._create_ticket()
        with self.assertRaises(UserError):
            ticket.action_escalate("")
        ticket.action_escalate("Tried everything")
        self.assertEqual((ticket.team_id, ticket.tier), (self.second_line, 2))
        self.assertEqual(ticket.user_id, self.expert)
        with self.assertRaises(UserError):
            ticket.with_user(self.expert).action_escalate("Nor could I")
        self.second_line.leader_id = self.leader
        ticket.with_user(self.expert).action_escalate("Nor could I")
        self.assertEqual((ticket.user_id, ticket.tier), (self.leader, 3))
        # Where it is on purpose it stays
        ticket.sudo().category_id = self.env["order.ticket.category"].create({"name": "Other"})
        self.assertEqual(ticket.team_id, self.second_line)

    def test_ended_tickets_are_not_edited(self):
        ticket = self._create_ticket()
        ticket.action_cancel("A mistake")
        with self.assertRaises(UserError):
            ticket.subject = "Something else"
        ticket.action_reopen("No mistake")
        ticket.subject = "Something else"
        self._resolve(ticket)
        with self.assertRaises(UserError):
            ticket.result = "Nothing"

    def test_order_of_another_customer_is_refused(self):
        order = self._create_order()
        other = self.env["res.partner"].create({"name": "Somebody else"})
        with self.assertRaises(ValidationError):
            self._create_ticket(partner_id=other.id, order_id=order.id)
        ticket = self._create_ticket(partner_id=self.contact.id, order_id=order.id)
        with self.assertRaises(ValidationError):
            ticket.partner_id = other


@tagged("post_install", "-at_install")
class TestTicketAssignment(TicketCommon):
    """Who gets a ticket (R-346, R-353, R-354)."""

    def _create_many(self, count, **vals):
        return (
            self.env["order.ticket"]
            .with_user(self.agent)
            .create(
                [
                    {
                        "subject": f"Problem {number}",
                        "partner_id": self.customer.id,
                        "category_id": self.category.id,
                        **vals,
                    }
                    for number in range(count)
                ]
            )
        )

    def test_shared_evenly(self):
        tickets = self._create_many(4)
        self.assertEqual(tickets.team_id, self.team)
        self.assertEqual(
            sorted(ticket.user_id.login for ticket in tickets),
            ["opc_agent"] * 2 + ["opc_agent2"] * 2,
        )
        tickets.filtered(lambda t: t.user_id == self.agent2).with_user(self.agent2).action_resolve(
            "Done", "advice"
        )
        self.assertEqual(self._create_many(2).user_id, self.agent2)

    def test_absent_agents_get_nothing(self):
        today = fields.Date.today()
        self.env["order.deputy"].create(
            {
                "user_id": self.agent2.id,
                "deputy_id": self.leader.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        self.assertEqual(self._create_many(3).user_id, self.agent)
        self.team.member_ids = self.agent2
        self.assertEqual(self._create_many(1).user_id, self.leader)

    def test_who_works_now_comes_before_who_does_not(self):
        calendar = self.env["resource.calendar"].create({"name": "Never", "attendance_ids": []})
        self.env["hr.employee"].create(
            {"name": "Agent", "user_id": self.agent.id, "resource_calendar_id": calendar.id}
        )
        self.assertEqual(self._create_many(2).user_id, self.agent2)

    def test_team_by_category_region_and_priority(self):
        belgium = self.env.ref("base.be")
        returns = self.env["order.ticket.category"].create({"name": "Returns"})
        by_category = self._create_team("Returns", self.agent, category_ids=returns.ids, sequence=9)
        urgent = self._create_team("Urgent", self.agent2, minimum_priority="3", sequence=5)
        region = self._create_team("Belgium", self.agent2, country_ids=belgium.ids, sequence=7)
        self.assertEqual(self._create_ticket(category_id=returns.id).team_id, by_category)
        self.customer.country_id = belgium
        self.assertEqual(self._create_ticket().team_id, region)
        self.assertEqual(self._create_ticket(impact="3", urgency="3").team_id, urgent)
        ticket = self._create_ticket()
        self.customer.country_id = False
        ticket.sudo().category_id = returns
        self.assertEqual(ticket.team_id, by_category)

    def test_by_hand(self):
        self.team.assignment = "manual"
        ticket = self._create_ticket()
        self.assertFalse(ticket.user_id)
        with self.assertRaises(ValidationError):
            ticket.user_id = self.salesperson

    def test_the_agent_is_told_in_the_bell(self):
        ticket = self._create_ticket(user=self.process_manager)
        self.assertEqual(ticket.activity_ids.user_id, ticket.user_id)
        self._resolve(ticket)
        self.assertFalse(ticket.sudo().activity_ids)

    def test_no_team_at_all(self):
        self.env["order.ticket.team"].search([]).action_archive()
        ticket = self._create_ticket()
        self.assertFalse(ticket.team_id)
        ticket.action_take()
        self.assertEqual(ticket.user_id, self.agent)
