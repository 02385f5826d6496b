from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_ticket_goods import GoodsCommon


@tagged("post_install", "-at_install")
class TestTicketScreens(GoodsCommon):
    """Forms and buttons as each role has them."""

    def test_everybody_can_open_the_form_they_may_read(self):
        self._add(quantity=2)
        for user in (self.agent, self.salesperson, self.auditor, self.process_manager):
            ticket = self.ticket.with_user(user)
            form = etree.fromstring(ticket.get_view(view_type="form")["arch"])
            names = set(form.xpath("//field[not(ancestor::field)]/@name"))
            lines = set(form.xpath("//field[@name='line_ids']/list/field/@name"))
            with self.subTest(user=user.login):
                ticket.web_read(
                    {
                        **{name: {} for name in names},
                        "line_ids": {"fields": {name: {} for name in lines}},
                    }
                )

    def test_written_on_the_phone(self):
        with Form(self.env["order.ticket"].with_user(self.agent)) as form:
            form.subject = "It squeaks"
            form.partner_id = self.contact
            form.category_id = self.category
            form.order_id = self.order
            with form.line_ids.new() as line:
                line.order_line_id = self.desk_line
                line.quantity = 2
                line.requested_outcome = "return"
        ticket = form.record
        self.assertEqual(ticket.line_ids.product_id, self.product)
        self.assertEqual(ticket.user_id.login in ("opc_agent", "opc_agent2"), True)

    def _step(self, kind, ticket=None):
        action = (ticket or self.ticket).with_context(ticket_step=kind).action_open_step()
        return self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])

    def test_steps_ask_for_their_text(self):
        step = self._step("resolve")
        step.write({"text": "Glued", "resolution": "repair"})
        step.action_go()
        self.assertEqual(self.ticket.state, "resolved")
        step = self._step("confirm")
        step.text = "By phone"
        step.action_go()
        self.assertEqual(self.ticket.state, "closed")
        with self.assertRaises(UserError):
            self._step("anything")
        with self.assertRaises(AccessError):
            step.with_user(self.agent2).action_go()

    def test_ready_made_answers_of_the_team(self):
        answer = self.env["mail.canned.response"].create({"source": "hi", "substitution": "Hello"})
        with self.assertRaises(AccessError):
            answer.with_user(self.agent).read(["substitution"])
        self.team.answer_ids = answer
        answer.with_user(self.agent).read(["substitution"])
        with Form(self._step("wait_customer")) as form:
            form.answer_id = answer
        self.assertEqual(form.record.text, "Hello")

    def test_inspected_on_one_screen(self):
        self._add(quantity=2)
        self._add(self.lamp_line, 1)
        with self.assertRaises(UserError):
            self.ticket.action_inspect()
        self.assertTrue(self.ticket.can_return)
        self.ticket.action_create_return()
        self._receive(self.ticket.transfer_ids)
        self.ticket.invalidate_recordset()
        self.assertTrue(self.ticket.can_inspect)
        action = self.ticket.action_inspect()
        wizard = self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])
        wizard.line_ids[0].finding = "supplier"
        wizard.line_ids[1].quantity = 0
        wizard.action_go()
        inspection = self.ticket.line_ids.inspection_ids
        self.assertEqual((inspection.condition, inspection.disposition), ("defective", "supplier"))

    def test_what_comes_to_be_repaired_is_expected_to_be_defective(self):
        self._add(quantity=1)
        self._add(self.lamp_line, 1, outcome="repair")
        self.ticket.action_create_return()
        self._receive(self.ticket.transfer_ids)
        action = self.ticket.action_inspect()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("finding"), ["intact", "repair"])

    def test_the_resolution_follows_what_was_done_with_the_goods(self):
        self.assertFalse(self._step("resolve").resolution)
        self._add(quantity=1)
        self.assertEqual(self._step("resolve").resolution, "return_refund")
        line = self._add(self.lamp_line, 1, outcome="repair")
        self.assertFalse(self._step("resolve").resolution)
        line.decided_outcome = "return"
        self.assertEqual(self._step("resolve").resolution, "return_refund")

    def test_the_warehouse_inspects_on_its_transfer(self):
        warehouse = self._create_user("opc_warehouse", "stock.group_stock_user")
        line = self._add(quantity=2)
        self.ticket.action_create_return()
        picking = self.ticket.transfer_ids.with_user(warehouse)
        with self.assertRaises(UserError):
            picking.action_inspect_returned()
        self._receive(picking)
        self.assertTrue(picking.can_inspect_returned)
        action = picking.action_inspect_returned()
        wizard = self.env[action["res_model"]].with_user(warehouse).browse(action["res_id"])
        wizard.line_ids.read(["product_id", "quantity", "finding", "note"])
        wizard.action_go()
        self.assertEqual(line.inspected_quantity, 2)
        picking.invalidate_recordset(["can_inspect_returned"])
        self.assertFalse(picking.can_inspect_returned)
        self.assertEqual(line.inspection_ids.user_id, warehouse)
        with self.assertRaises(AccessError):
            self.ticket.with_user(warehouse).read(["subject"])
        with self.assertRaises(AccessError):
            line.with_user(self.salesperson).action_inspect("intact", "stock")

    def test_smart_buttons(self):
        self._add(quantity=2)
        for record in (self.order, self.customer, self.contact, self.product):
            with self.subTest(record=record):
                self.assertEqual(record.with_user(self.agent).ticket_count, 1)
                action = record.with_user(self.agent).action_view_tickets()
                self.assertEqual(self.env["order.ticket"].search(action["domain"]), self.ticket)
        self.ticket.action_create_return()
        self.assertEqual(self.ticket.transfer_ids.ticket_ids, self.ticket)
        self.assertEqual(self.customer.with_user(self.employee).ticket_count, 0)

    def test_agents_open_the_documents_of_a_ticket(self):
        self._add(quantity=1)
        self._add(quantity=1, outcome="repair")
        self.ticket.action_create_return()
        repair = self.env["repair.order"].create({"product_id": self.product.id})
        for record in (self.order, self.ticket.transfer_ids[:1], repair):
            form = etree.fromstring(record.with_user(self.agent).get_view(view_type="form")["arch"])
            with self.subTest(model=record._name):
                self.assertEqual(form.get("edit"), "0")
                names = set(form.xpath("//field[not(ancestor::field)]/@name"))
                record.invalidate_recordset()
                record.with_user(self.agent).web_read({name: {} for name in names})

    def test_service_lands_on_its_tickets(self):
        action = self.env["order.signoff"].with_user(self.agent)._get_landing_action()
        self.assertEqual(action["res_model"], "order.ticket")


@tagged("post_install", "-at_install")
class TestTicketMerge(GoodsCommon):
    """Duplicates become one ticket, two matters two."""

    def test_similar_open_tickets(self):
        same = self._create_ticket(partner_id=self.contact.id)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self._create_ticket(partner_id=stranger.id)
        closed = self._create_ticket()
        closed.action_cancel("A mistake")
        self.assertEqual(self.ticket.similar_ids, same)
        self.assertFalse(other.similar_ids)

    def test_messages_and_goods_go_on_in_one(self):
        other = self._create_ticket()
        line = self._add(quantity=2, ticket=other)
        message = self._customer_says(other, "I wrote this twice")
        other.action_merge(self.ticket.id)
        self.assertEqual((other.state, other.merged_into_id), ("cancelled", self.ticket))
        self.assertEqual(line.ticket_id, self.ticket)
        self.assertIn(message, self.ticket.message_ids)

    def test_what_cannot_be_one(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self._create_ticket(partner_id=stranger.id)
        with self.assertRaises(UserError):
            other.action_merge(self.ticket.id)
        with self.assertRaises(UserError):
            self.ticket.action_merge(self.ticket.id)
        mine = self._create_ticket()
        with self.assertRaises(AccessError):
            mine.with_user(self.expert).action_merge(self.ticket.id)
        self._resolve(mine)
        with self.assertRaises(UserError):
            mine.action_merge(self.ticket.id)

    def test_tickets_of_two_companies_stay_two(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["order.ticket"].create(
            {
                "subject": "The same",
                "partner_id": self.customer.id,
                "category_id": self.category.id,
                "company_id": company.id,
            }
        )
        self.process_manager.company_ids |= company
        mine = self.ticket.with_user(self.process_manager)
        mine = mine.with_context(allowed_company_ids=(self.company | company).ids)
        with self.assertRaisesRegex(UserError, "Only tickets of one company"):
            mine.action_merge(other.id)
        self.assertEqual((self.ticket.state, self.ticket.company_id), ("new", self.company))

    def test_split(self):
        line = self._add(quantity=2)
        self._add(self.lamp_line, 1)
        with self.assertRaises(UserError):
            self.ticket.action_split(" ")
        action = self.ticket.action_split("The lamps", line.ids)
        new = self.env["order.ticket"].browse(action["res_id"])
        self.assertEqual((new.partner_id, new.line_ids), (self.customer, line))
        self.assertEqual(len(self.ticket.line_ids), 1)
        with self.assertRaises(UserError):
            self.ticket.action_split("Again", line.ids)

    def test_split_on_its_screen(self):
        line = self._add(quantity=2)
        kept = self._add(self.lamp_line, 1)
        self.assertIn("2", line.display_name)
        action = self.ticket.action_open_split()
        split = self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])
        self.assertEqual(split.ticket_id, self.ticket)
        with Form(split) as form:
            form.subject = "The desks"
            form.line_ids.add(line)
        result = split.action_go()
        new = self.env["order.ticket"].browse(result["res_id"])
        self.assertEqual((new.subject, new.line_ids), ("The desks", line))
        self.assertEqual(self.ticket.line_ids, kept)
        with self.assertRaises(AccessError):
            split.with_user(self.agent2).action_go()
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.expert).action_open_split()

    def test_what_cannot_be_split(self):
        line = self._add(quantity=2)
        self.ticket.action_create_return()
        with self.assertRaises(UserError):
            self.ticket.action_split("The desks", line.ids)
        self.ticket.action_undo_documents()
        self._resolve(self.ticket)
        with self.assertRaises(UserError):
            self.ticket.action_split("The desks", line.ids)

    def _run_from_menu(self, name, user=None):
        action = self.env.ref(f"order_process_control.order_ticket_action_{name}")
        context = {"active_model": "order.ticket", "active_ids": self.ticket.ids}
        return action.with_user(user or self.agent).with_context(**context).run()

    def test_rare_actions_are_in_the_menu_of_the_form(self):
        self._create_ticket()
        for name, screen in (
            ("merge", "order.ticket.merge"),
            ("split", "order.ticket.split"),
            ("cancel", "order.ticket.step"),
        ):
            with self.subTest(name):
                self.assertEqual(self._run_from_menu(name)["res_model"], screen)
                for stranger in (self.expert, self.salesperson):
                    with self.assertRaises(AccessError):
                        self._run_from_menu(name, stranger)

    def test_rare_actions_are_refused_before_anything_is_typed(self):
        self._create_ticket()
        self.ticket.action_cancel("A mistake")
        for name in ("merge", "split", "cancel"):
            with self.subTest(name), self.assertRaises(UserError):
                self._run_from_menu(name)

    def test_answered_from_the_board(self):
        action = self.ticket.with_context(ticket_step="answer").action_open_step()
        step = self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])
        step.text = "We come tomorrow"
        step.action_go()
        message = self.ticket.message_ids[0]
        self.assertIn("We come tomorrow", message.body)
        self.assertIn(self.customer, message.notified_partner_ids)
        self.assertTrue(self.ticket.first_response_at)
        with self.assertRaises(UserError):
            self.ticket.action_answer(" ")
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.salesperson).action_answer("Hello")
        self._resolve(self.ticket)
        with self.assertRaises(UserError):
            self.ticket.action_answer("Hello")

    def test_only_tickets_of_the_customer_are_offered_for_merging(self):
        self._add(quantity=1)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self._create_ticket(partner_id=stranger.id)
        other.line_ids = [Command.create({"product_id": self.product.id})]
        self.assertEqual(self.ticket.similar_ids, other)
        with self.assertRaises(UserError):
            self.ticket.action_open_merge()
        twin = self._create_ticket()
        self.ticket.invalidate_recordset()
        action = self.ticket.action_open_merge()
        merge = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((merge.ticket_ids, merge.target_id), (self.ticket | twin, twin))
        merge.action_go()
        self.assertEqual((self.ticket.state, self.ticket.merged_into_id), ("cancelled", twin))

    def test_history_is_one_click_away(self):
        self._add(quantity=1)
        self.env["order.ticket.line"].create(
            {"ticket_id": self._create_ticket().id, "product_id": self.product.id}
        )
        other = self._create_ticket()
        self.env.invalidate_all()
        self.assertEqual(self.ticket.product_ticket_count, 2)
        self.assertEqual(other.product_ticket_count, 0)
        self.assertEqual(self.ticket.customer_ticket_count, 3)
        self.assertEqual(self.ticket.with_user(self.expert).sudo(False).product_ticket_count, 0)
        for name in ("customer", "product"):
            action = getattr(self.ticket, f"action_view_{name}_tickets")()
            self.assertIn(self.ticket, self.env["order.ticket"].search(action["domain"]))
