from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import TicketCommon

MONDAY = datetime(2030, 1, 7, 9, 0)


@tagged("post_install", "-at_install")
class TestTicketClocks(TicketCommon):
    """The three promises of a ticket (R-340, R-355)."""

    # Not a literal: the linter takes it for a text to translate
    text = "We look at it"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["order.deadline.policy"]
        policies.search(
            [("clock", "in", ["first_response", "next_response", "resolution"])]
        ).active = False
        cls.policies = policies.create(
            [
                {
                    "name": clock,
                    "clock": clock,
                    "time_basis": "elapsed",
                    "warning_percent": 50,
                    "line_ids": [
                        (0, 0, {"minutes": minutes}),
                        (0, 0, {"minutes": minutes / 2, "priority": "3"}),
                    ],
                }
                for clock, minutes in (
                    ("first_response", 60),
                    ("next_response", 120),
                    ("resolution", 240),
                )
            ]
        )

    def _at(self, hours):
        return freeze_time(MONDAY + timedelta(hours=hours))

    def _new(self, **vals):
        with self._at(0):
            return self._create_ticket(**vals)

    def _clock(self, ticket, clock="resolution"):
        deadlines = ticket.sudo().deadline_ids.filtered(lambda d: d.clock == clock)
        return deadlines.sorted("id")[-1:]

    def test_starts_two_and_names_them(self):
        ticket = self._new()
        self.assertEqual(set(ticket.deadline_ids.mapped("clock")), {"first_response", "resolution"})
        resolution = self._clock(ticket)
        self.assertEqual(resolution.deadline, MONDAY + timedelta(hours=4))
        self.assertEqual(resolution.warn_at, MONDAY + timedelta(hours=2))
        self.assertEqual(resolution.user_id, ticket.user_id)
        self.assertIn(ticket.name, resolution.name)

    def test_shipped_default_is_two_and_four_hours(self):
        policy = self.env.ref("order_process_control.order_deadline_policy_resolution")
        self.assertEqual(policy.warning_percent, 50)
        self.assertIn(240, policy.line_ids.mapped("minutes"))

    def test_who_talks_to_the_customer_has_answered(self):
        ticket = self._new(channel="phone")
        self.assertTrue(ticket.first_response_at)
        self.assertFalse(self._clock(ticket, "first_response"))

    def test_answers_end_the_response_clocks(self):
        ticket = self._new()
        with self._at(0.5):
            ticket.message_post(
                body=self.text, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self._clock(ticket, "first_response").state, "met")
        self.assertFalse(self._clock(ticket, "next_response"))
        with self._at(1):
            self._customer_says(ticket, "Well?")
            self._customer_says(ticket, "Hello?")
        following = self._clock(ticket, "next_response")
        self.assertEqual(following.deadline, MONDAY + timedelta(hours=3))
        with self._at(3.5):
            ticket.message_post(
                body=self.text, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual((following.state, following.delay_minutes), ("missed", 30))

    def test_nothing_runs_on_what_has_ended(self):
        ticket, target = self._new(), self._new()
        with self._at(1):
            ticket.message_post(
                body=self.text, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            ticket.action_merge(target.id)
            self._customer_says(ticket, "Well?")
        self.assertTrue(ticket.customer_waits_since)
        self.assertFalse(ticket.sudo().deadline_ids.filtered(lambda d: d.state == "running"))
        with self._at(2):
            ticket.action_reopen("It is another matter")
        self.assertEqual(self._clock(ticket, "next_response").deadline, MONDAY + timedelta(hours=4))

    def test_who_had_no_response_waits_for_it_when_reopened(self):
        ticket = self._new()
        with self._at(0.5):
            ticket.action_cancel("A mistake")
        self.assertEqual(self._clock(ticket, "first_response").state, "cancelled")
        with self._at(2):
            ticket.action_reopen("It was none")
        clock = self._clock(ticket, "first_response")
        self.assertEqual((clock.state, clock.stopped_at), ("running", False))
        self.assertEqual(clock.deadline, MONDAY + timedelta(hours=2.5))

    def test_nothing_runs_on_what_is_in_the_archive(self):
        ticket = self._new()
        with self._at(1):
            self._resolve(ticket)
            ticket.action_confirm_solved("By phone")
            ticket.with_user(self.process_manager).action_archive()
            self._customer_says(ticket, "It broke again")
        self.assertFalse(ticket.sudo().deadline_ids.filtered(lambda d: d.state == "running"))

    def test_stands_still_while_the_customer_has_to_answer(self):
        ticket = self._new()
        with self._at(1):
            ticket.action_wait_customer("Which colour?")
        self.assertEqual(self._clock(ticket).state, "paused")
        with self._at(30):
            self._customer_says(ticket, "Red")
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(hours=33))

    def test_waiting_for_ourselves_counts(self):
        ticket = self._new()
        with self._at(1):
            ticket.action_wait_internal("The laboratory")
        self.assertEqual(self._clock(ticket).state, "running")
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(hours=4))

    def test_solved_in_time_whenever_it_is_confirmed(self):
        ticket = self._new()
        with self._at(3):
            self._resolve(ticket)
        with self._at(50):
            ticket.action_confirm_solved("By phone")
        self.assertEqual(self._clock(ticket).state, "met")
        self.assertEqual(self._clock(ticket).used_minutes, 180)

    def test_reopening_never_resets(self):
        ticket = self._new()
        with self._at(3):
            self._resolve(ticket)
        with self._at(10):
            ticket.action_reopen("It squeaks")
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(hours=11))
        with self._at(10.5):
            self._resolve(ticket)
            ticket.action_confirm_solved("By phone")
        with self._at(40):
            ticket.action_reopen("Again")
        self.assertEqual(len(ticket.deadline_ids.filtered(lambda d: d.clock == "resolution")), 1)
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(hours=40.5))
        self.assertEqual(self._clock(ticket).state, "running")
        with self._at(41):
            self._resolve(ticket)
        self.assertEqual(self._clock(ticket).state, "missed")

    def test_cancelled_is_not_met(self):
        ticket = self._new()
        with self._at(1):
            ticket.action_cancel("A mistake")
        self.assertEqual(set(ticket.deadline_ids.mapped("state")), {"cancelled"})

    def test_criteria_change_the_time_and_keep_what_is_used(self):
        ticket = self._new()
        with self._at(1):
            ticket.write({"impact": "3", "urgency": "3"})
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(hours=2))
        self.assertEqual(self._clock(ticket).priority, "3")

    def test_customer_before_category_before_rest(self):
        by_category = self.policies[2].copy(
            {"name": "Category", "ticket_category_ids": self.category.ids}
        )
        by_category.line_ids.filtered(lambda line: not line.priority).minutes = 300
        self.assertEqual(self._clock(self._new()).policy_id, by_category)
        by_customer = self.policies[2].copy(
            {"name": "Customer", "ticket_partner_ids": self.customer.ids}
        )
        by_customer.line_ids.filtered(lambda line: not line.priority).minutes = 30
        ticket = self._new(partner_id=self.contact.id)
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(minutes=30))
        other = self.env["order.ticket.category"].create({"name": "Other"})
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        ticket = self._new(category_id=other.id, partner_id=stranger.id)
        self.assertEqual(self._clock(ticket).policy_id, self.policies[2])
        with self._at(1):
            ticket.category_id = self.category
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(hours=5))

    def test_in_the_working_time_of_the_team(self):
        self.policies.time_basis = "working"
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Mornings",
                "tz": "UTC",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 12,
                            "day_period": "morning",
                        },
                    )
                    for day in range(5)
                ],
            }
        )
        self.team.calendar_id = calendar
        ticket = self._new()
        self.assertEqual(self._clock(ticket).deadline, MONDAY + timedelta(days=1))

    def test_owner_follows_the_agent(self):
        ticket = self._new(user_id=self.agent.id)
        ticket.with_user(self.agent2).action_take()
        self.assertEqual(self._clock(ticket).user_id, self.agent2)

    def test_status_on_the_screen(self):
        ticket = self._new()
        with self._at(5):
            ticket.invalidate_recordset()
            self.assertEqual(ticket.deadline_status, "overdue")
            self.assertIn("late by", ticket.deadline_text)
            found = ticket.search([("deadline_status", "=", "overdue")])
            self.assertIn(ticket, found)

    def test_without_policies_tickets_are_made_all_the_same(self):
        self.policies.active = False
        ticket = self._new()
        self.assertFalse(ticket.deadline_ids)
        self._resolve(ticket)

    def test_batch_takes_few_queries(self):
        def create(count):
            self.env.invalidate_all()
            started = self.env.cr.sql_log_count
            self.env["order.ticket"].with_user(self.agent).with_context(
                tracking_disable=False
            ).create(
                [
                    {
                        "subject": f"Problem {number}",
                        "partner_id": self.customer.id,
                        "category_id": self.category.id,
                        "channel": "email",
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - started

        create(2)
        few, many = create(5), create(85)
        self.assertLessEqual(many - few, 80)


@tagged("post_install", "-at_install")
class TestMajorQuality(TicketCommon):
    """The quality department hears at once (R-365)."""

    def _alerts(self, ticket):
        return self.env["order.alert"].search(
            [("res_model", "=", "order.ticket"), ("res_id", "=", ticket.id)]
        )

    def test_department_is_alerted_and_reads_the_ticket(self):
        self.company.order_quality_department_id = self.production
        ticket = self._create_ticket(is_major_quality=True)
        alert = self._alerts(ticket)
        self.assertEqual((alert.level, alert.state), ("3", "new"))
        self.assertEqual(alert.notice_ids.user_id, self.production_user)
        ticket.with_user(self.production_user).read(["subject"])
        with self.assertRaises(AccessError):
            ticket.with_user(self.finance_user).read(["subject"])
        self.assertEqual(ticket.priority, "3")

    def test_later_found_out_and_taken_back(self):
        # Without a department the process manager hears of it
        self.company.order_quality_department_id = False
        ticket = self._create_ticket()
        self.assertFalse(self._alerts(ticket))
        ticket.is_major_quality = True
        self.assertEqual(self._alerts(ticket).notice_ids.user_id, self.process_manager)
        ticket.is_major_quality = False
        self.assertEqual(self._alerts(ticket).state, "resolved")
