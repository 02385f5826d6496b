from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_ticket_goods import GoodsCommon


@tagged("post_install", "-at_install")
class TestAttacksAfterSales(GoodsCommon):
    """What somebody with a login and RPC must not reach with tickets."""

    # === THE KEYS OF THE CUSTOMER ===#

    def test_nobody_asks_for_the_key_of_a_ticket(self):
        key = self.ticket.sudo()._portal_ensure_token()
        stranger = self._portal_user(self.env["res.partner"].create({"name": "Stranger"}))
        for user in (stranger, self.employee, self.expert, self.other_salesperson):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).get_portal_url()
        merchant = self._portal_user(self.env["res.partner"].create({"name": "M"}), "opc_m")
        self.ticket.sudo().handler_partner_id = merchant.partner_id
        customer = self._portal_user(self.contact, "opc_c")
        for user in (merchant, customer, self.agent, self.process_manager):
            ticket = self.ticket.with_user(user)
            self.assertNotIn(key, ticket.get_portal_url(suffix="/x", anchor="y"))
            self.assertNotIn(key, ticket._get_share_url(redirect=True))
            with self.assertRaises(AccessError):
                ticket.read(["access_token"])

    def test_agents_do_not_choose_the_key(self):
        for vals in ({"access_token": "mine"}, {"access_token": False}):
            with self.assertRaises(AccessError):
                self.ticket.with_user(self.agent).write(vals)
        with self.assertRaises(AccessError):
            self._create_ticket(access_token="mine")
        tickets = self.env["order.ticket"].with_user(self.agent)
        with self.assertRaises(AccessError):
            tickets.with_context(default_access_token="mine").create(
                {"subject": "x", "partner_id": self.customer.id, "category_id": self.category.id}
            )

    def test_the_key_of_a_rating_is_the_customers(self):
        self._resolve(self.ticket)
        self.ticket.sudo()._confirm_solved(self.contact)
        key = self.ticket.with_user(SUPERUSER_ID)._rating_get_access_token()
        rating = self.ticket._get_ratings()
        for user in (self.agent, self.process_manager, self.employee):
            with self.assertRaises(AccessError):
                rating.with_user(user).read(["access_token"])
        self.ticket.sudo()._send_key_template("order_ticket_mail_rating", self.customer)
        messages = self.env["mail.message"].with_user(self.agent)
        told = messages.search([("model", "=", "order.ticket"), ("res_id", "=", self.ticket.id)])
        self.assertNotIn(key, " ".join(told.mapped("body")))
        mail = self.env["mail.mail"].search([("body_html", "ilike", key)])
        self.assertEqual(len(mail), 1)
        self.assertFalse(messages.search([("body", "ilike", key)]))
        self.assertEqual(mail.recipient_ids, self.customer)

    # === WHAT IS COMPUTED ===#

    def test_computed_columns_are_not_written(self):
        line = self._add(quantity=10, outcome="resupply")
        dozen = self.env.ref("uom.product_uom_dozen")
        other = self._deliver([(self.lamp, 1)])
        line.write({"uom_id": dozen.id, "order_id": other.id})
        self.assertEqual((line.uom_id, line.order_id), (self.desk_line.product_uom_id, self.order))
        new = self._add(self.lamp_line, outcome="resupply", uom_id=dozen.id, order_id=False)
        self.assertEqual((new.uom_id, new.order_id), (self.lamp_line.product_uom_id, self.order))
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        vals = {"commercial_partner_id": stranger.id, "priority": "3", "rating_last_value": 5}
        tickets = self.ticket.with_user(self.agent) | self._create_ticket(**vals)
        tickets[0].write(vals)
        for ticket in tickets:
            self.assertEqual(ticket.commercial_partner_id, self.customer)
            self.assertEqual((ticket.priority, ticket.rating_last_value), ("0", 0))

    def test_limit_of_refunds_is_not_written_away(self):
        self._invoice()
        self.company.ticket_refund_limit = 700
        line = self._add(quantity=5, outcome="refund")
        self.ticket.action_create_refund()
        self.assertEqual(line.refunded_quantity, 5)
        line.write({"order_id": False})
        second = self._create_ticket(order_id=self.order.id)
        self._add(quantity=5, outcome="refund", ticket=second)
        second.action_create_refund()
        self.assertEqual(second.sudo().refund_review_id.state, "in_progress")
        self.assertFalse(second.sudo().refund_ids)

    def test_ticket_stays_in_its_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.agent.company_ids |= company
        team = self.env["order.ticket.team"].create({"name": "There", "company_id": company.id})
        self.team.company_id = False
        ticket = self._create_ticket(user_id=self.agent.id)
        ticket = ticket.with_context(allowed_company_ids=self.agent.company_ids.ids)
        for vals in ({"company_id": company.id}, {"company_id": company.id, "team_id": team.id}):
            with self.assertRaisesRegex(UserError, "stays in its company"):
                ticket.write(vals)

    # === GOODS AND MONEY ===#

    def test_not_both_goods_and_money(self):
        self._invoice()
        line = self._add(quantity=2, outcome="resupply")
        self.ticket.action_create_exchange()
        line.decided_outcome = "refund"
        with self.assertRaisesRegex(UserError, "Nothing to refund"):
            self.ticket.action_create_refund()
        lamp = self._add(self.lamp_line, quantity=1, outcome="refund")
        self.ticket.action_create_refund()
        self.assertEqual((line.refunded_quantity, lamp.refunded_quantity), (0, 1))
        lamp.decided_outcome = "resupply"
        with self.assertRaisesRegex(UserError, "Nothing to send"):
            self.ticket.action_create_exchange()

    def test_nobody_ties_other_documents_to_a_ticket(self):
        self._invoice()
        self.agent.group_ids |= self.env.ref("stock.group_stock_user")
        self.agent.group_ids |= self.env.ref("account.group_account_invoice")
        line = self._add(quantity=2)
        moves = self.env["stock.move"].with_user(self.agent)
        move = moves.create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 2,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "ticket_line_id": line.id,
            }
        )
        self.assertFalse(move.ticket_line_id)
        move.ticket_line_id = line
        self.assertFalse(move.sudo().ticket_line_id)
        line.write({"transfer_move_ids": [(4, move.id)]})
        self.assertFalse(move.sudo().ticket_line_id)
        line.decided_outcome = "refund"
        self.ticket.action_create_refund()
        row = line.sudo()._get_refund_lines()
        row.with_user(self.agent).write({"ticket_line_id": False})
        self.assertEqual(line.sudo()._get_refund_lines(), row)
        self.assertEqual(line.refunded_quantity, 2)

    def test_backorder_of_a_return_belongs_to_the_ticket(self):
        self.agent.group_ids |= self.env.ref("stock.group_stock_user")
        line = self._add(quantity=5)
        self.ticket.action_create_return()
        picking = self.ticket.transfer_ids.with_user(self.agent)
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        action = picking.button_validate()
        self.env[action["res_model"]].with_user(self.agent).with_context(
            **action["context"]
        ).create({}).process()
        self.assertEqual((line.received_quantity, line.returning_quantity), (2, 3))

    # === ORDERS OF OTHERS ===#

    def test_sales_read_no_orders_by_way_of_tickets(self):
        stranger = self.other_salesperson
        with self.assertRaises(AccessError):
            self.order.with_user(stranger).read(["name"])
        for vals in (
            {"order_id": self.order.id},
            {"line_ids": [(0, 0, {"order_line_id": self.desk_line.id})]},
            {"line_ids": [(0, 0, {"move_id": self.desk_line.move_ids[:1].id})]},
        ):
            with self.assertRaises(UserError):
                self._create_ticket(user=stranger, **vals)
        tickets = self.env["order.ticket"].with_user(stranger)
        with self.assertRaises(AccessError):
            tickets.with_context(default_order_id=self.order.id).create(
                {"subject": "x", "partner_id": self.customer.id, "category_id": self.category.id}
            )
        own = self._create_ticket(user=stranger)
        with self.assertRaises(AccessError):
            self.env["order.ticket.line"].with_user(stranger).create(
                {"ticket_id": own.id, "order_line_id": self.desk_line.id}
            )
        self._create_ticket(user=self.salesperson, order_id=self.order.id)

    def test_portal_reads_nothing_internal(self):
        customer = self._portal_user(self.contact, "opc_c")
        ticket = self.ticket.with_user(customer)
        for name in ("refund_plan", "refund_waiting_for", "refund_amount", "refund_review_state"):
            with self.assertRaises(AccessError):
                ticket.read([name])
        ticket.read(["name", "subject", "state"])
        line = self._add().with_user(customer)
        with self.assertRaises(AccessError):
            line.read(["override_reason"])
