from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TicketCommon


class GoodsCommon(TicketCommon):
    """A delivered and invoiced order of ten desks and four lamps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = cls.lamp.invoice_policy = "delivery"
        cls.order = cls._deliver()
        cls.desk_line, cls.lamp_line = cls.order.order_line
        cls.ticket = cls._create_ticket(order_id=cls.order.id)

    @classmethod
    def _add(cls, order_line=None, quantity=1, outcome="return", ticket=None, **vals):
        return (
            cls.env["order.ticket.line"]
            .with_user(cls.agent)
            .create(
                {
                    "ticket_id": (ticket or cls.ticket).id,
                    "order_line_id": (order_line or cls.desk_line).id,
                    "quantity": quantity,
                    "requested_outcome": outcome,
                    **vals,
                }
            )
        )

    @classmethod
    def _invoice(cls, order=None):
        invoice = (order or cls.order)._create_invoices()
        invoice.action_post()
        return invoice

    def _receive(self, picking, quantities=None):
        """Validate a transfer; what is missing gets a backorder."""
        picking = picking.sudo()
        for move in picking.move_ids:
            move.quantity = (quantities or {}).get(move.product_id, move.product_uom_qty)
            move.picked = True
        action = picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done", action)

    def _return(self, ticket=None):
        """Create the return of the ticket, receive and inspect everything as intact."""
        ticket = ticket or self.ticket
        ticket.action_create_return()
        coming = ticket.sudo().transfer_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for picking in coming:
            self._receive(picking)
        ticket.line_ids.filtered("received_quantity").action_inspect("intact", "stock")


@tagged("post_install", "-at_install")
class TestTicketQuantities(GoodsCommon):
    """Requested, open and returned never exceed delivered."""

    def test_no_more_than_was_delivered(self):
        line = self._add(quantity=10)
        self.assertEqual(line.delivered_quantity, 10)
        self.assertEqual(line.available_quantity, 10)
        with self.assertRaises(ValidationError) as refused:
            self._add(quantity=1)
        self.assertIn("0 Units can be claimed still", str(refused.exception))
        with self.assertRaises(ValidationError):
            self._add(quantity=1, ticket=self._create_ticket())
        with self.assertRaises(ValidationError):
            line.quantity = 11
        line.quantity = 4
        self._add(quantity=6, ticket=self._create_ticket())
        with self.assertRaises(ValidationError):
            self.env["order.ticket.line"].with_user(self.agent).create(
                [
                    {
                        "ticket_id": self.ticket.id,
                        "order_line_id": self.lamp_line.id,
                        "quantity": 3,
                    }
                ]
                * 2
            )

    def test_the_warehouse_reads_for_which_ticket_goods_come(self):
        self._add()
        packer = self._create_user("opc_packer", "stock.group_stock_user")
        self.ticket.action_create_return()
        coming = self.ticket.sudo().transfer_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(coming.with_user(packer).sudo(False).ticket_names, self.ticket.name)
        self.assertFalse(self.order.picking_ids[:1].with_user(packer).sudo(False).ticket_names)
        with self.assertRaises(AccessError):
            self.ticket.with_user(packer).sudo(False).read(["subject"])

    def test_not_delivered_cannot_be_claimed(self):
        order = self._create_order(lines=[(self.product, 5)])
        order.sudo().action_confirm()
        with self.assertRaises(ValidationError):
            self._add(order.sudo().order_line, 1)

    def test_returns_outside_of_tickets_count(self):
        picking = self.order.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.filtered(
            lambda row: row.product_id == self.product
        ).quantity = 7
        wizard.action_create_returns()
        with self.assertRaises(ValidationError):
            self._add(quantity=4)
        self._add(quantity=3)

    def test_cancelled_tickets_free_it_until_they_are_reopened(self):
        self._add(quantity=10)
        self.ticket.action_cancel("Sorted out")
        other = self._create_ticket()
        line = self._add(quantity=5, ticket=other)
        with self.assertRaises(ValidationError):
            self.ticket.action_reopen("Not sorted out")
        line.quantity = 1
        line.unlink()
        self.ticket.invalidate_recordset()
        self.ticket.action_reopen("Not sorted out")

    def test_several_orders_of_one_customer(self):
        second = self._deliver([(self.lamp, 2)])
        self._add(quantity=1)
        self._add(second.order_line, 2)
        self.assertEqual(self.ticket.line_ids.order_id, self.order | second)

    def test_goods_of_others_are_refused(self):
        other = self.env["res.partner"].create({"name": "Other"})
        foreign = self._deliver(
            order=self._create_order(partner_id=other.id, lines=[(self.lamp, 2)]),
            lines=[(self.lamp, 2)],
        )
        with self.assertRaises(ValidationError):
            self._add(foreign.order_line)
        with self.assertRaises(ValidationError):
            self._add(move_id=foreign.picking_ids.move_ids.id)
        with self.assertRaises(ValidationError):
            self._add(product_id=self.lamp.id)
        lot = self.env["stock.lot"].create({"name": "X", "product_id": self.lamp.id})
        with self.assertRaises(ValidationError):
            self._add(lot_id=lot.id)

    def test_other_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_order(lines=[(self.product, 1)])
        order.order_line.product_uom_id = dozen
        self._stock(self.product, 12)
        self._deliver(order=order, lines=[(self.product, 1)])
        line = self._add(order.sudo().order_line, 1)
        self.assertEqual((line.uom_id, line.delivered_quantity), (dozen, 1))
        with self.assertRaises(ValidationError):
            line.quantity = 1.5
        self._return()
        self.assertEqual(line.received_quantity, 1)

    def test_serial_numbers(self):
        phone = self.env["product.product"].create(
            {"name": "Phone", "type": "consu", "is_storable": True, "tracking": "serial"}
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"SN{number}", "product_id": phone.id} for number in range(3)]
        )
        for lot in lots[:2]:
            self.env["stock.quant"]._update_available_quantity(
                phone, self.warehouse.lot_stock_id, 1, lot_id=lot
            )
        order = self._deliver([(phone, 2)])
        with self.assertRaises(ValidationError):
            self._add(order.order_line, 1, lot_id=lots[2].id)
        line = self._add(order.order_line, 1, lot_id=lots[1].id)
        with self.assertRaises(ValidationError):
            self._add(order.order_line, 1, lot_id=lots[1].id)
        self._add(order.order_line, 1, lot_id=lots[0].id, outcome="advice")
        self.ticket.action_create_return()
        self.assertEqual(self.ticket.transfer_ids.sudo().move_line_ids.lot_id, lots[1])
        self.assertEqual(line.returning_quantity, 1)


@tagged("post_install", "-at_install")
class TestTicketWindows(GoodsCommon):
    """Until when it can be returned, exchanged and repaired for nothing (R-385, R-387)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.desk_line.move_ids.date = fields.Datetime.now() - timedelta(days=20)

    def _day(self, days):
        return self.today + timedelta(days=days)

    def test_counted_from_delivery_by_product_then_category(self):
        self.product.categ_id = self.env["product.category"].create(
            {
                "name": "Furniture",
                "parent_id": self.env["product.category"]
                .create({"name": "Goods", "return_days": 30, "warranty_months": 1})
                .id,
                "exchange_days": 25,
            }
        )
        line = self._add()
        self.assertEqual(line.return_until, self._day(10))
        self.assertEqual(line.exchange_until, self._day(5))
        self.assertTrue(line.warranty_until)
        self.product.return_days = 15
        line.invalidate_recordset()
        self.assertEqual(line.return_until, self._day(-5))
        self.assertIn("it was possible until", line.window_problem)

    def test_too_late_needs_a_right_and_a_reason(self):
        self.product.return_days = 15
        line = self._add()
        with self.assertRaisesRegex(UserError, "possible until"):
            self.ticket.action_create_return()
        with self.assertRaises(AccessError):
            line.action_override_window("Good customer")
        with self.assertRaises(AccessError):
            line.write({"override_reason": "Good customer"})
        with self.assertRaises(AccessError):
            self._add(override_reason="Good customer")
        leader_line = line.with_user(self.leader)
        with self.assertRaises(UserError):
            leader_line.action_override_window(" ")
        leader_line.action_override_window("Good customer")
        self.assertEqual(line.override_by, self.leader)
        self.ticket.action_create_return()

    def test_what_was_granted_holds_for_these_goods_only(self):
        self.product.return_days = 15
        line = self._add()
        line.with_user(self.leader).action_override_window("Good customer")
        line.write({"order_line_id": self.lamp_line.id, "product_id": self.lamp.id})
        self.assertFalse(line.override_reason)

    def test_late_repair_is_possible_but_not_free(self):
        self.product.warranty_months = 1
        line = self._add(outcome="repair")
        self._return()
        self.ticket.action_create_repair()
        self.assertTrue(line.sudo().repair_ids.under_warranty)
        self.desk_line.move_ids.filtered(
            lambda m: m.location_dest_id.usage == "customer"
        ).date -= timedelta(days=60)
        late = self._add(outcome="repair")
        self.assertFalse(late.window_problem)
        self._return()
        self.ticket.action_create_repair()
        self.assertFalse(late.sudo().repair_ids.under_warranty)

    def test_never(self):
        self.product.return_days = -1
        self.assertTrue(self._add().window_problem)
