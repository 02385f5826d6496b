from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketAccess(TicketCommon):
    """Who sees and changes which tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.ticket = cls._create_ticket(order_id=cls.order.id)
        cls.line = cls.env["order.ticket.line"].create(
            {"ticket_id": cls.ticket.id, "product_id": cls.product.id}
        )
        cls.visit = cls.env["order.ticket.visit"].create(
            {"ticket_id": cls.ticket.id, "start": "2030-01-01 10:00:00"}
        )
        cls.family = cls.ticket, cls.line, cls.visit

    def test_agents_of_the_team(self):
        for user in (self.agent, self.agent2, self.leader, self.process_manager):
            for records in self.family:
                records.with_user(user).read(["display_name"])
        self.line.with_user(self.agent2).quantity = 2
        for records in self.family:
            with self.assertRaises(AccessError):
                records.with_user(self.expert).read(["display_name"])

    def test_sales_read_their_own(self):
        for records in self.family:
            records.with_user(self.salesperson).read(["display_name"])
            records.with_user(self.sales_manager).read(["display_name"])
            with self.assertRaises(AccessError):
                records.with_user(self.other_salesperson).read(["display_name"])
            with self.assertRaises(AccessError):
                records.with_user(self.salesperson).write({"company_id": self.company.id})
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.salesperson).action_take()

    def test_sales_open_tickets(self):
        ticket = self._create_ticket(user=self.salesperson, order_id=self.order.id)
        self.assertTrue(ticket.user_id)
        self.assertNotEqual(ticket.user_id, self.salesperson)

    def test_auditors_read_all_and_change_nothing(self):
        for records in self.family:
            records.with_user(self.auditor).read(["display_name"])
            with self.assertRaises(AccessError):
                records.with_user(self.auditor).write({"company_id": self.company.id})
        for call in (
            lambda ticket: ticket.action_take(),
            lambda ticket: ticket.action_resolve("Done", "advice"),
            lambda ticket: ticket.action_cancel("Because"),
            lambda ticket: ticket.action_reopen("Because"),
        ):
            with self.assertRaises(AccessError):
                call(self.ticket.with_user(self.auditor))

    def test_auditors_write_nothing_to_customers(self):
        ticket, told = self.ticket.with_user(self.auditor), self.ticket.message_ids
        with self.assertRaises(AccessError):
            ticket.message_post(body=self.customer.name, message_type="comment")
        with self.assertRaises(AccessError):
            ticket.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)
        self.assertEqual(self.ticket.message_ids, told)
        # In another role they do
        self.auditor.group_ids |= self.env.ref("order_process_control.group_ticket_agent")
        ticket.message_post(body=self.customer.name, message_type="comment")
        self.assertGreater(self.ticket.message_ids, told)

    def test_others_see_nothing(self):
        portal = self._portal_user(self.env["res.partner"].create({"name": "Stranger"}))
        for user in (self.employee, self.finance_user, portal):
            for records in self.family:
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])

    def test_other_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_elsewhere", self._group("auditor"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for records in self.family:
            with self.assertRaises(AccessError):
                records.with_user(stranger).read(["display_name"])

    def test_nobody_writes_the_state(self):
        for user in (self.agent, self.process_manager):
            ticket = self.ticket.with_user(user)
            for vals in (
                {"state": "closed"},
                {"resolved_at": "2030-01-01"},
                {"confirmation": "customer"},
                {"reopen_count": 0},
                {"tier": 3},
                {"name": "T1"},
                {"first_response_at": "2030-01-01"},
            ):
                with self.assertRaises(AccessError):
                    ticket.write(vals)
                with self.assertRaises(AccessError):
                    ticket.with_context(order_process_token=True).write(vals)
            with self.assertRaises(AccessError):
                self._create_ticket(user=user, state="closed")
        ticket = self.ticket.with_context(default_state="closed", default_confirmation="silence")
        new = ticket.create(
            {"subject": "x", "partner_id": self.customer.id, "category_id": self.category.id}
        )
        self.assertEqual((new.state, new.confirmation), ("new", False))

    def test_sales_add_no_goods_to_what_is_solved(self):
        self._resolve(self.ticket)
        with self.assertRaises(UserError):
            self.env["order.ticket.line"].with_user(self.salesperson).create(
                {"ticket_id": self.ticket.id, "product_id": self.product.id}
            )
        with self.assertRaises(UserError):
            self.line.with_user(self.agent).unlink()
        with self.assertRaises(UserError):
            self.line.with_user(self.agent).quantity = 9

    def test_goods_stay_on_their_ticket(self):
        other = self._create_ticket()
        for move in (
            lambda: self.line.with_user(self.agent).write({"ticket_id": other.id}),
            lambda: other.write({"line_ids": [Command.link(self.line.id)]}),
        ):
            with self.assertRaisesRegex(UserError, "Goods stay on their ticket"):
                move()
        self.assertEqual(self.line.ticket_id, self.ticket)

    def test_worked_on_is_kept(self):
        self.ticket.with_user(self.agent).action_take()
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).unlink()
        with self.assertRaises(UserError):
            self.ticket.with_user(self.process_manager).unlink()

    def test_orders_are_looked_up_by_agents(self):
        order = self._deliver()
        self.assertEqual(order.with_user(self.agent).read(["name"])[0]["name"], order.name)
        with self.assertRaises(AccessError):
            order.with_user(self.agent).write({"client_order_ref": "x"})
        with self.assertRaises(AccessError):
            self.order.with_user(self.agent).read(["name"])
