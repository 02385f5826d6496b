from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketCallers(TicketCommon):
    """Who calls is found by whatever they can tell; who refuses a delivery is called."""

    def _search(self, query):
        caller = self.env["order.ticket.caller"].with_user(self.agent).create({"query": query})
        caller.action_search()
        return caller

    def test_by_phone_name_and_order(self):
        self.contact.phone = "+1 (555) 010-0200"
        order = self._deliver()
        for query in ("5550100200", "+1 555 010 0200", "Contact"):
            self.assertIn(self.contact, self._search(query).match_ids.partner_id, query)
        caller = self._search(order.name.lower())
        self.assertFalse(caller.new_phone)
        match = caller.match_ids
        self.assertEqual((match.order_id, match.partner_id), (order, self.customer))
        action = match.action_open_ticket()
        self.assertEqual(action["context"]["default_order_id"], order.id)

    def test_by_serial_number(self):
        drill = self.env["product.product"].create(
            {"name": "Drill", "type": "consu", "is_storable": True, "tracking": "serial"}
        )
        lot = self.env["stock.lot"].create({"name": "SN-0815", "product_id": drill.id})
        self.env["stock.quant"]._update_available_quantity(
            drill, self.warehouse.lot_stock_id, 1, lot_id=lot
        )
        order = self._deliver(lines=[(drill, 1)])
        match = self._search("sn-0815").match_ids
        self.assertEqual((match.order_id, match.lot_id), (order, lot))
        context = match.action_open_ticket()["context"]
        ticket = (
            self.env["order.ticket"]
            .with_user(self.agent)
            .with_context(**context)
            .create({"subject": "It smokes", "category_id": self.category.id})
        )
        self.assertEqual((ticket.partner_id, ticket.order_id), (self.customer, order))
        self.assertEqual((ticket.line_ids.lot_id, ticket.line_ids.product_id), (lot, drill))
        self.assertEqual(ticket.channel, "phone")

    def test_new_contact_on_the_same_screen(self):
        caller = self._search("0151 2345678")
        self.assertFalse(caller.match_ids)
        self.assertEqual(caller.new_phone, "0151 2345678")
        with self.assertRaises(UserError):
            caller.action_new_contact()
        caller.new_name = "Mr Wang"
        action = caller.action_new_contact()
        partner = self.env["res.partner"].browse(action["context"]["default_partner_id"])
        self.assertEqual((partner.name, partner.phone), ("Mr Wang", "0151 2345678"))
        self.assertEqual(self._search("01512345678").match_ids.partner_id, partner)

    def test_only_agents(self):
        with self.assertRaises(AccessError):
            self.env["order.ticket.caller"].with_user(self.employee).create({"query": "x"})
        with self.assertRaises(UserError):
            self._search("x")

    def test_refused_delivery_makes_one_ticket(self):
        order = self._deliver()
        driver = self._create_user("opc_driver", "stock.group_stock_user")
        picking = order.picking_ids.with_user(driver)
        self.assertTrue(picking.can_be_refused)
        with self.assertRaises(UserError):
            picking.action_customer_refused(" ")
        wizard = (
            self.env["order.ticket.refusal"]
            .with_user(driver)
            .create({"picking_id": picking.id, "reason": "The box was damaged"})
        )
        wizard.action_confirm()
        ticket = self.env["order.ticket"].search([("refused_picking_id", "=", picking.id)])
        self.assertRecordValues(
            ticket,
            [
                {
                    "order_id": order.id,
                    "partner_id": self.customer.id,
                    "channel": "delivery",
                    "team_id": self.team.id,
                }
            ],
        )
        self.assertEqual(sorted(ticket.line_ids.mapped("quantity")), [4, 10])
        self.assertEqual(picking.action_customer_refused("Again"), ticket.id)
        with self.assertRaises(AccessError):
            picking.with_user(self.employee).action_customer_refused("x")

    def test_what_has_not_left_has_no_goods(self):
        self._stock(self.product, 2)
        order = self._create_order().sudo()
        order.action_confirm()
        picking = order.picking_ids
        self.assertEqual(picking.state, "assigned")
        ticket = self.env["order.ticket"].browse(picking.action_customer_refused("Nobody there"))
        self.assertFalse(ticket.line_ids)
        picking.action_cancel()
        with self.assertRaises(UserError):
            picking.action_customer_refused("x")


@tagged("post_install", "-at_install")
class TestTicketCallerTour(TicketCommon, HttpCase):
    def test_found_and_written_down_by_the_keyboard(self):
        self.category.name = "Tour Category"
        self.customer.name = "Tour Caller Ltd"
        self.agent.password = self.agent.login
        self.start_tour("/odoo/tickets", "order_ticket_caller", login=self.agent.login)
        ticket = self.env["order.ticket"].search([("subject", "=", "It hums")])
        self.assertEqual((ticket.partner_id, ticket.channel), (self.customer, "phone"))
