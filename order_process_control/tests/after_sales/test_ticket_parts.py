from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..common import without_commits
from .common import TicketCommon

MONDAY = datetime(2030, 1, 7, 9, 0)


@tagged("post_install", "-at_install")
class TestTicketParts(TicketCommon):
    """Departments are asked for their part of a ticket, with a time of its own (R-371)."""

    # Not literals: the linter takes them for texts to translate
    question = "Which batch was it?"
    answer = "Batch 7, it was too hot"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["order.deadline.policy"]
        policies.search([("clock", "=", "ticket_part")]).active = False
        policies.create(
            {
                "name": "Parts",
                "clock": "ticket_part",
                "time_basis": "elapsed",
                "warning_percent": 50,
                "line_ids": [(0, 0, {"minutes": 120})],
            }
        )

    def _ask(self, ticket, department=None, user_id=None):
        ticket = ticket.with_user(ticket.user_id[:1] or self.agent)
        ids = ticket.action_ask_department(
            (department or self.production).id, self.question, user_id
        )
        return self.env["order.ticket.part"].browse(ids)

    def _bells(self, part, user=None):
        domain = [("res_model", "=", part._name), ("res_id", "in", part.ids)]
        found = self.env["mail.activity"].sudo().search(domain)
        return found.filtered(lambda a: a.user_id == user) if user else found

    # === ASKING ===#

    def test_asked_waits_with_a_clock_of_its_own(self):
        with freeze_time(MONDAY):
            ticket = self._create_ticket()
            resolution = ticket.sudo().deadline_at
            part = self._ask(ticket)
        self.assertEqual(ticket.state, "waiting_internal")
        self.assertEqual(part.state, "asked")
        self.assertEqual(part.asked_by, ticket.user_id)
        deadline = part.sudo().deadline_ids
        self.assertEqual(deadline.clock, "ticket_part")
        self.assertEqual(deadline.deadline, MONDAY + timedelta(hours=2))
        self.assertEqual(deadline.department_id, self.production)
        self.assertEqual(ticket.sudo().deadline_at, resolution)
        self.assertEqual(self._bells(part).user_id, self.production_user)
        self.assertIn(self.question, str(ticket.sudo().message_ids[:1].body))

    def test_shipped_policy(self):
        policy = self.env.ref("order_process_control.order_deadline_policy_ticket_part")
        self.assertEqual(policy.time_basis, "working")
        self.assertIn(120, policy.line_ids.mapped("minutes"))

    def test_one_person_is_asked(self):
        part = self._ask(self._create_ticket(), self.finance, self.finance_user2.id)
        self.assertEqual(self._bells(part).user_id, self.finance_user2)
        self.assertEqual(part.sudo().deadline_ids.user_id, self.finance_user2)

    def test_who_is_absent_is_stood_in_for(self):
        today = datetime.now().date()
        self.env["order.deputy"].create(
            {
                "user_id": self.production_user.id,
                "deputy_id": self.finance_user.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=2),
            }
        )
        part = self._ask(self._create_ticket())
        self.assertEqual(self._bells(part).user_id, self.finance_user)
        part.with_user(self.finance_user).action_answer(self.answer)
        self.assertEqual(part.answered_by, self.finance_user)

    def test_refused_questions(self):
        ticket = self._create_ticket().with_user(self.agent)
        for arguments in (
            (self.production.id, "  "),
            (False, self.question),
            (2**31 - 1, self.question),
            ("1", self.question),
            (self.production.id, self.question, self.finance_user.id),
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                ticket.action_ask_department(*arguments)
        self.assertFalse(ticket.part_ids)
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["hr.department"].create({"name": "F", "company_id": other.id})
        with self.assertRaises(UserError):
            ticket.action_ask_department(foreign.id, self.question)
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee).action_ask_department(self.production.id, self.question)
        ticket.action_cancel("A mistake")
        with self.assertRaises(UserError):
            ticket.action_ask_department(self.production.id, self.question)

    # === ANSWERING ===#

    def test_last_answer_goes_on_and_tells_the_agent(self):
        with freeze_time(MONDAY):
            ticket = self._create_ticket(user_id=self.agent.id)
            first, second = self._ask(ticket), self._ask(ticket, self.finance)
        self.assertEqual(ticket.waiting_for, "Test Production, Test Finance")
        with freeze_time(MONDAY + timedelta(hours=1)):
            first.with_user(self.production_user).action_answer(self.answer)
        self.assertEqual(ticket.state, "waiting_internal")
        self.assertFalse(self._bells(first))
        self.assertEqual(first.sudo().deadline_ids.state, "met")
        with freeze_time(MONDAY + timedelta(hours=3)):
            self.assertTrue(ticket.is_part_late)
            second.with_user(self.finance_user).action_answer(self.answer)
        self.assertEqual(second.sudo().deadline_ids.state, "missed")
        self.assertEqual(ticket.state, "in_progress")
        self.assertFalse(ticket.waiting_for)
        kind = self.env.ref("order_process_control.mail_activity_type_ticket_part_answered")
        told = ticket.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind)
        self.assertEqual(told.user_id, self.agent)

    def test_who_may_answer(self):
        part = self._ask(self._create_ticket())
        for user in (self.finance_user, self.employee, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                part.with_user(user).action_answer(self.answer)
        # An agent reads it, and is not of the department
        with self.assertRaises(AccessError):
            part.with_user(self.agent).action_answer(self.answer)
        with self.assertRaises(UserError):
            part.with_user(self.production_user).action_answer(" ")
        part.with_user(self.process_manager).action_answer(self.answer)
        with self.assertRaises(UserError):
            part.with_user(self.production_user).action_answer(self.answer)

    def test_who_is_asked_reads_that_ticket_and_no_other(self):
        asked, other = self._create_ticket(), self._create_ticket()
        for ticket in asked | other:
            self.env["order.ticket.line"].create(
                {"ticket_id": ticket.id, "product_id": self.lamp.id}
            )
        worker = self._create_user("opc_worker", "order_process_control.group_ticket_agent")
        asked.team_id = other.team_id = self.second_line
        self.env["hr.employee"].create(
            {"name": "W", "user_id": worker.id, "department_id": self.production.id}
        )
        for user in (self.production_user, worker):
            with self.subTest(user=user.login):
                tickets = self.env["order.ticket"].with_user(user)
                self.assertFalse(tickets.search([("id", "in", (asked | other).ids)]))
        part = self._ask(asked)
        for user in (self.production_user, worker):
            with self.subTest(user=user.login):
                tickets = self.env["order.ticket"].with_user(user)
                self.assertEqual(tickets.search([("id", "in", (asked | other).ids)]), asked)
                # All that the screen shows
                Form(asked.with_user(user))
                asked.line_ids.with_user(user).read(["product_id", "quantity", "progress_text"])
                asked.message_ids.with_user(user).read(["body"])
                part.with_user(user).read()
                with self.assertRaises(AccessError):
                    other.with_user(user).read(["subject"])
                with self.assertRaises(AccessError):
                    other.line_ids.with_user(user).read(["product_id"])
                with self.assertRaises(AccessError):
                    asked.with_user(user).write({"subject": "Mine"})
                with self.assertRaises(AccessError):
                    asked.with_user(user).action_cancel("Mine")

    def test_who_has_no_role_is_not_told(self):
        store = self._create_department("Store", self.employee)
        ticket = self._create_ticket()
        with self.assertRaises(UserError):
            self._ask(ticket, store, self.employee.id)
        part = self._ask(ticket, store)
        # Nobody there could open it: the process manager hears of it
        self.assertEqual(self._bells(part).user_id, self.process_manager)
        with self.assertRaises(AccessError):
            part.with_user(self.employee).read(["question"])

    def test_others_read_no_part(self):
        part = self._ask(self._create_ticket())
        customer = self._portal_user(self.contact)
        for user in (self.finance_user, self.employee, self.other_salesperson, customer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                part.with_user(user).read(["question"])
        for name in ("part_ids", "waiting_for", "is_part_late"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                part.ticket_id.with_user(customer).read([name])
        with self.assertRaises(AccessError):
            part.with_user(customer).action_answer(self.answer)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.production_user.company_ids |= other
        part = self._ask(self._create_ticket()).with_user(self.production_user)
        part.read(["question"])
        elsewhere = part.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            elsewhere.read(["question"])

    def test_nobody_writes_parts(self):
        part = self._ask(self._create_ticket())
        for user in (self.agent, self.production_user, self.process_manager):
            parts = part.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    parts.write({"state": "answered"})
                with self.assertRaises(AccessError):
                    parts.unlink()
                with self.assertRaises(AccessError):
                    parts.create({"ticket_id": part.ticket_id.id, "question": "?"})

    def test_bell_is_closed_by_the_answer_alone(self):
        part = self._ask(self._create_ticket())
        bell = self._bells(part).with_user(self.production_user)
        with self.assertRaises(UserError):
            bell.action_done()
        with self.assertRaises(UserError):
            bell.write({"user_id": self.finance_user.id})
        with self.assertRaises(AccessError):
            self.env["mail.activity"].with_user(self.production_user).create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(part._name),
                    "res_id": part.id,
                    "user_id": self.finance_user.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                }
            )

    # === WHAT BECOMES OF IT ===#

    def test_withdrawn_by_agents(self):
        ticket = self._create_ticket(user_id=self.agent.id)
        part = self._ask(ticket)
        with self.assertRaises(AccessError):
            part.with_user(self.production_user).action_withdraw("Not ours")
        with self.assertRaises(UserError):
            part.with_user(self.agent).action_withdraw("")
        part.with_user(self.agent).action_withdraw("Found it myself")
        self.assertEqual(part.state, "withdrawn")
        self.assertEqual(part.sudo().deadline_ids.state, "cancelled")
        self.assertEqual(ticket.state, "in_progress")
        self.assertFalse(self._bells(part))

    def test_not_solved_while_a_department_is_asked(self):
        ticket = self._create_ticket(user_id=self.agent.id)
        part = self._ask(ticket)
        with self.assertRaisesRegex(UserError, "Test Production"):
            self._resolve(ticket)
        part.with_user(self.production_user).action_answer(self.answer)
        self._resolve(ticket)
        self.assertEqual(ticket.state, "resolved")
        ticket.with_user(self.agent).action_reopen("No")
        self.assertEqual(part.state, "answered")

    def test_merchants_do_not_learn_who_is_asked(self):
        merchant = self.env["res.partner"].create({"name": "Merchant"})
        handler = self._portal_user(merchant, "opc_merchant")
        ticket = self._create_ticket(user_id=self.agent.id, handler_partner_id=merchant.id)
        self._ask(ticket)
        with self.assertRaises(UserError) as refused:
            ticket.with_user(handler).action_file_result(self.answer, True, "repair")
        self.assertNotIn("Production", str(refused.exception))
        self.assertEqual(ticket.handler_state, "asked")

    def test_late_part_is_alerted_and_opened(self):
        with freeze_time(MONDAY):
            part = self._ask(self._create_ticket())
        deadline = part.sudo().deadline_ids
        with freeze_time(MONDAY + timedelta(hours=3)), without_commits(self.env):
            self.env["order.deadline"]._cron_scan()
        alert = self.env["order.alert"].search([("key", "=", f"deadline:{deadline.id}")])
        self.assertTrue(alert)
        own = deadline.with_user(self.production_user)
        action = own.action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), (part._name, part.id))
        with self.assertRaises(AccessError):
            deadline.with_user(self.finance_user).action_open_record()

    def test_cancelled_with_the_ticket(self):
        ticket = self._create_ticket(user_id=self.agent.id)
        part = self._ask(ticket)
        ticket.with_user(self.agent).action_cancel("A mistake")
        self.assertEqual(part.state, "withdrawn")
        self.assertEqual(ticket.state, "cancelled")
        self.assertFalse(self._bells(part))

    def test_merged_parts_move(self):
        ticket = self._create_ticket(user_id=self.agent.id)
        target = self._create_ticket(user_id=self.agent.id)
        part = self._ask(ticket)
        ticket.with_user(self.agent).action_merge(target.id)
        self.assertEqual(part.ticket_id, target)
        self.assertEqual(part.state, "asked")
        self.assertEqual(target.state, "waiting_internal")
        part.with_user(self.production_user).action_answer(self.answer)
        self.assertEqual(target.state, "in_progress")

    def test_screens(self):
        ticket = self._create_ticket(user_id=self.agent.id).with_user(self.agent)
        action = ticket.action_open_ask()
        step = self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])
        with Form(step) as form:
            form.department_id = self.finance
            form.user_id = self.finance_user2
            form.department_id = self.production
            # Who is not of the department is not asked for it
            self.assertFalse(form.user_id)
            self.assertIn(self.production_user, form.possible_user_ids[:])
            self.assertNotIn(self.finance_user2, form.possible_user_ids[:])
            form.text = self.question
        step.action_go()
        part = ticket.part_ids.with_user(self.production_user)
        self.assertTrue(part.can_answer)
        self.assertFalse(ticket.part_ids.can_answer)
        action = part.with_context(part_step="answer").action_open_step()
        step = self.env[action["res_model"]].with_user(self.production_user)
        step = step.browse(action["res_id"])
        self.assertEqual(step.question, self.question)
        step.text = self.answer
        step.action_go()
        self.assertEqual(part.answer, self.answer)

    def test_screen_of_withdrawing(self):
        ticket = self._create_ticket(user_id=self.agent.id)
        part = self._ask(ticket).with_user(self.agent)
        for kind in (None, "ask"):
            with self.assertRaisesRegex(UserError, "buttons"):
                part.with_context(part_step=kind).action_open_step()
        action = part.with_context(part_step="withdraw").action_open_step()
        self.assertEqual(action["name"], "Withdraw")
        step = self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])
        with Form(step) as form:
            form.text = "Found it myself"
        step.action_go()
        self.assertEqual(part.state, "withdrawn")
        self.assertEqual(part.withdrawn_reason, "Found it myself")

    def test_queries_do_not_grow(self):
        tickets = self.env["order.ticket"].concat(
            *(self._create_ticket(user_id=self.agent.id) for _number in range(12))
        )
        for ticket in tickets:
            self._ask(ticket)
        self.env.invalidate_all()
        few = tickets[:2].with_user(self.agent)
        with self.assertQueryCount(8):
            few.mapped("waiting_for")
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            tickets.with_user(self.agent).mapped("waiting_for")

    def test_asking_and_answering_cost_the_same_for_many(self):
        def count(number):
            tickets = self.env["order.ticket"].concat(
                *(self._create_ticket(user_id=self.agent.id) for _number in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            tickets.with_user(self.agent).action_ask_department(self.production.id, self.question)
            self.env.flush_all()
            asked = self.env.cr.sql_log_count
            # As a call brings them: read together
            parts = tickets.part_ids.browse(tickets.part_ids.ids)
            self.env.invalidate_all()
            middle = self.env.cr.sql_log_count
            parts.with_user(self.production_user).action_answer(self.answer)
            self.env.flush_all()
            return asked - start, self.env.cr.sql_log_count - middle

        count(1)
        few, many = count(2), count(12)
        self.assertLessEqual(many[0], few[0] + 2)
        self.assertLessEqual(many[1], few[1] + 2)
