from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import TicketCommon
from .portal import PortalCommon

LATER = relativedelta(months=36, days=2)


@tagged("post_install", "-at_install")
class TestTicketArchive(TicketCommon):
    """Managers archive what has ended; it is kept for the company's time (R-348)."""

    text = "It broke again"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(user_id=cls.agent.id)
        cls.ticket.sudo()._set_state("closed", closed_at=datetime.now())
        cls.managed = cls.ticket.with_user(cls.process_manager)

    def _after(self):
        return freeze_time(datetime.now() + LATER)

    def test_stamped_and_out_of_the_lists(self):
        self.managed.action_archive()
        self.assertFalse(self.ticket.active)
        self.assertEqual(self.ticket.archived_by, self.process_manager)
        self.assertTrue(self.ticket.archived_at)
        self.assertEqual(self.ticket.keep_until, date.today() + relativedelta(months=36))
        tickets = self.env["order.ticket"].with_user(self.agent)
        self.assertFalse(tickets.search([("id", "=", self.ticket.id)]))
        self.managed.action_unarchive()
        self.assertTrue(self.ticket.active)

    def test_managers_alone(self):
        for user in (self.agent, self.leader, self.auditor, self.salesperson):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.ticket.with_user(user).action_archive()
        self.managed.action_archive()
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).action_unarchive()

    def test_not_while_somebody_works_on_it(self):
        for state in ("new", "in_progress", "waiting_customer", "waiting_internal", "resolved"):
            self.ticket.sudo()._set_state(state)
            with self.subTest(state=state), self.assertRaises(UserError):
                self.managed.action_archive()

    def test_not_written_by_hand(self):
        for user in (self.agent, self.process_manager):
            ticket = self.ticket.with_user(user)
            for vals in (
                {"active": False},
                {"keep_until": date(2000, 1, 1)},
                {"archived_at": datetime.now()},
            ):
                with self.subTest(user=user.login, vals=vals), self.assertRaises(AccessError):
                    ticket.write(vals)
        new = self._create_ticket(active=False)
        self.assertTrue(new.active)
        new = self.env["order.ticket"].with_context(default_active=False)
        new = new.with_user(self.agent).create(
            {
                "subject": "Hidden",
                "partner_id": self.customer.id,
                "category_id": self.category.id,
            }
        )
        self.assertTrue(new.active)

    def test_stays_as_it_is(self):
        self.managed.action_archive()
        for user in (self.agent, self.process_manager):
            ticket = self.ticket.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    ticket.action_reopen("Again")
                with self.assertRaises(UserError):
                    ticket.action_take()
                self.assertFalse(ticket.can_act)
                with self.assertRaises(UserError):
                    ticket.write({"subject": "Another"})
        customer = self._portal_user(self.contact)
        with self.assertRaises(UserError):
            self.ticket.with_user(customer).action_reopen("Again")

    def test_kept_for_its_time(self):
        self.managed.action_archive()
        with self.assertRaises(UserError):
            self.managed.unlink()
        with self._after():
            with self.assertRaises(AccessError):
                self.ticket.with_user(self.agent).unlink()
            self.managed.unlink()
        self.assertFalse(self.ticket.exists())

    def test_time_is_not_shortened(self):
        self.ticket.sudo()._set_state("cancelled")
        self.managed.action_archive()
        until = self.ticket.keep_until
        self.company.ticket_keep_months = 1
        self.assertEqual(self.ticket.keep_until, until)
        self.managed.action_unarchive()
        # Cancelled ones that were never archived could be deleted
        with self.assertRaises(UserError):
            self.managed.unlink()
        self.managed.action_archive()
        self.assertEqual(self.ticket.keep_until, until)

    def test_for_ever(self):
        self.company.ticket_keep_months = 0
        self.managed.action_archive()
        self.assertFalse(self.ticket.keep_until)
        with self._after(), self.assertRaises(UserError):
            self.managed.unlink()

    def test_deleted_with_its_goods_and_what_was_found(self):
        order = self._deliver()
        ticket = self._create_ticket(
            user_id=self.agent.id,
            order_id=order.id,
            line_ids=[
                (
                    0,
                    0,
                    {
                        "order_line_id": order.order_line[:1].id,
                        "quantity": 2,
                        "reason": "defective",
                        "requested_outcome": "return",
                    },
                )
            ],
        )
        agent = ticket.with_user(self.agent)
        agent.action_create_return()
        picking = ticket.sudo().line_ids.transfer_move_ids.picking_id
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.button_validate()
        parts = self.env["order.ticket.part"].browse(
            agent.action_ask_department(self.production.id, self.text)
        )
        parts.with_user(self.production_user).action_answer(self.text)
        inspections = self.env["order.ticket.inspection"].sudo()
        line = ticket.sudo().line_ids
        inspections = inspections._insert_rows(
            [
                {
                    "line_id": line.id,
                    "ticket_id": ticket.id,
                    "company_id": self.company.id,
                    "quantity": 2,
                    "condition": "intact",
                    "disposition": "stock",
                    "user_id": self.agent.id,
                    "inspected_at": datetime.now(),
                }
            ]
        )
        ticket.sudo()._set_state("closed", closed_at=datetime.now())
        managed = ticket.with_user(self.process_manager)
        managed.action_archive()
        with self.assertRaises(AccessError):
            inspections.with_user(self.process_manager).unlink()
        with self._after():
            managed.unlink()
        self.assertFalse(ticket.exists())
        self.assertFalse(inspections.exists() or parts.exists() or line.exists())
        self.assertTrue(picking.exists())
        self.assertFalse(
            self.env["order.deadline"].search(
                [("res_model", "=", "order.ticket.part"), ("res_id", "in", parts.ids)]
            )
        )

    # === HISTORY ===#

    def test_still_counted(self):
        order = self._deliver()
        order_line = order.order_line.filtered(lambda line: line.product_id == self.lamp)
        ticket = self._create_ticket(
            user_id=self.agent.id,
            order_id=order.id,
            line_ids=[(0, 0, {"order_line_id": order_line.id, "quantity": 4})],
        )
        ticket.sudo()._set_state("closed", closed_at=datetime(2020, 3, 10, 12))
        before = (
            order.with_user(self.process_manager).ticket_count,
            self.customer.with_user(self.process_manager).ticket_count,
            self.lamp.with_user(self.process_manager).ticket_count,
            ticket.line_ids.sudo()._get_figures(),
        )
        ticket.with_user(self.process_manager).action_archive()
        self.env.invalidate_all()
        after = (
            order.with_user(self.process_manager).ticket_count,
            self.customer.with_user(self.process_manager).ticket_count,
            self.lamp.with_user(self.process_manager).ticket_count,
            ticket.line_ids.sudo()._get_figures(),
        )
        self.assertEqual(before, after)
        self.assertEqual(before[0], 1)
        report = self.env["order.ticket.report"].with_user(self.process_manager)
        self.assertTrue(report.search([("ticket_id", "=", ticket.id)]))
        sample = self.env["order.ticket.sample"].with_user(self.process_manager)
        sample = sample.create(
            {"name": "March", "date_from": "2020-03-01", "date_to": "2020-03-31", "size": 1}
        )
        sample.action_draw()
        self.assertEqual(sample.line_ids.ticket_id, ticket)
        sample.line_ids.result = "passed"
        with self._after():
            ticket.with_user(self.process_manager).unlink()
        self.assertEqual(sample.line_ids.result, "passed")

    # === THE CUSTOMER ===#

    def test_message_is_kept_and_told(self):
        self.managed.action_archive()
        message = self._customer_says(self.ticket.with_env(self.env), self.text)
        self.assertIn(self.text, str(message.body))
        self.assertFalse(self.ticket.active)
        self.assertEqual(self.ticket.state, "closed")
        told = self.ticket.sudo().activity_ids.filtered(lambda a: a.user_id == self.agent)
        self.assertTrue(told)

    def test_message_for_who_has_left(self):
        self.managed.action_archive()
        self.agent.active = False
        self._customer_says(self.ticket, self.text)
        self.assertIn(self.leader, self.ticket.sudo().activity_ids.user_id)

    def test_follow_up_ends(self):
        self.category.follow_up_days = 7
        ticket = self._create_ticket(user_id=self.agent.id)
        ticket.sudo()._set_state("resolved", resolved_at=datetime.now() - timedelta(days=1))
        ticket.with_user(self.agent).action_confirm_solved("By phone")
        self.assertTrue(ticket.follow_up_on)
        ticket.with_user(self.process_manager).action_archive()
        self.assertFalse(ticket.follow_up_on)


@tagged("post_install", "-at_install")
class TestTicketArchivePortal(PortalCommon):
    """What customers see of their archived tickets."""

    def test_read_but_not_reopened(self):
        self.ticket.sudo()._set_state("closed", closed_at=datetime.now())
        self.ticket.with_user(self.process_manager).action_archive()
        self._login(self.customer_user)
        self.assertNotIn(f"/my/tickets/{self.ticket.id}", self.url_open("/my/tickets").text)
        page = self.url_open(f"/my/tickets/{self.ticket.id}")
        self.assertIn("This request is archived", page.text)
        self.assertNotIn("The problem is back", page.text)
        answer = self._post(f"/my/tickets/{self.ticket.id}/reopen", reason="Again")
        self.assertIn("is archived", answer.text)
        self.assertEqual(self.ticket.state, "closed")
