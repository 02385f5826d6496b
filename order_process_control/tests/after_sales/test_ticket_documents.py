from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_ticket_goods import GoodsCommon


@tagged("post_install", "-at_install")
class TestTicketReturn(GoodsCommon):
    """Goods come back, are inspected, and others or money go out."""

    def test_agents_need_no_rights_in_stock_sales_or_accounting(self):
        self._invoice()
        line = self._add(quantity=3)
        self.ticket.action_create_return()
        self.assertEqual((line.returning_quantity, line.decided_outcome), (3, "return"))
        picking = self.ticket.transfer_ids
        self.assertEqual(picking.sudo().return_id, self.order.picking_ids - picking.sudo())
        with self.assertRaises(UserError):
            self.ticket.action_create_return()
        self._receive(picking)
        with self.assertRaisesRegex(UserError, "inspected"):
            self.ticket.action_create_refund()
        line.action_inspect("defective", "supplier", 1, "Broken leg")
        line.action_inspect("intact", "stock")
        self.assertEqual(line.inspected_quantity, 3)
        self.ticket.action_create_refund()
        refund = self.ticket.sudo().refund_ids
        self.assertEqual((refund.state, refund.move_type), ("draft", "out_refund"))
        self.assertEqual(refund.amount_untaxed, 300)
        self.assertEqual(line.refunded_quantity, 3)
        refund.action_post()
        self.assertEqual(self.desk_line.qty_invoiced, 7)
        self.assertEqual(self.desk_line.qty_delivered, 7)
        self.assertEqual(self.desk_line.qty_to_invoice, 0)
        with self.assertRaises(UserError):
            self.ticket.action_create_refund()

    def test_agents_without_rights_in_accounting_are_told_of_credit_notes(self):
        self._invoice()
        self._add(quantity=1, outcome="refund")
        action = self.ticket.action_create_refund()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("115.00", action["params"]["message"])
        self.assertIn("Draft", action["params"]["message"])
        self.assertEqual(self.ticket.action_view_refunds(), action)
        self.agent.group_ids += self.env.ref("account.group_account_invoice")
        self.assertEqual(self.ticket.action_view_refunds()["res_model"], "account.move")

    def test_partial_and_repeated_receptions_and_refunds(self):
        self._invoice()
        line = self._add(quantity=5)
        self.ticket.action_create_return()
        first = self.ticket.transfer_ids
        self._receive_part(first, 2)
        self.assertEqual((line.received_quantity, line.returning_quantity), (2, 3))
        line.action_inspect("intact", "stock")
        self.ticket.action_create_refund()
        self.assertEqual(line.refunded_quantity, 2)
        with self.assertRaisesRegex(UserError, "on their way"):
            self.ticket.action_resolve("Refunded", "return_refund")
        self._receive(self.ticket.transfer_ids - first)
        line.action_inspect("intact", "stock")
        self.ticket.action_create_refund()
        self.assertEqual(line.refunded_quantity, 5)
        self.assertEqual(len(self.ticket.sudo().refund_ids), 2)
        self.ticket.action_resolve("Refunded", "return_refund")

    def _receive_part(self, picking, quantity):
        picking = picking.sudo()
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        action = picking.button_validate()
        self.env[action["res_model"]].with_context(**action["context"]).create({}).process()

    def test_ten_lines_are_one_return_one_delivery_one_credit_note(self):
        products = self.env["product.product"].create(
            [{"name": f"P{n}", "type": "consu", "is_storable": True} for n in range(10)]
        )
        order = self._deliver([(product, 2) for product in products])
        self._invoice(order)
        ticket = self._create_ticket(
            order_id=order.id,
            line_ids=[
                (0, 0, {"order_line_id": line.id, "requested_outcome": "exchange"})
                for line in order.order_line
            ],
        )
        ticket.action_create_return()
        self.assertEqual(len(ticket.transfer_ids), 1)
        with self.assertRaisesRegex(UserError, "inspected"):
            ticket.action_create_exchange()
        returned = ticket.transfer_ids
        self._receive(returned)
        ticket.line_ids.action_inspect("intact", "stock")
        ticket.action_create_exchange()
        delivery = ticket.transfer_ids - returned
        self.assertEqual(len(delivery), 1)
        self.assertEqual(len(delivery.sudo().move_ids), 10)
        self.assertEqual(delivery.sudo().sale_id, order)
        self._receive(delivery)
        self.assertEqual(set(order.order_line.mapped("qty_delivered")), {2})
        self.assertEqual(ticket.line_ids.mapped("sent_quantity"), [1] * 10)
        with self.assertRaises(UserError):
            ticket.action_create_exchange()
        refunds = self._create_ticket(
            line_ids=[
                (0, 0, {"order_line_id": line.id, "requested_outcome": "refund"})
                for line in order.order_line
            ]
        )
        refunds.action_create_refund()
        self.assertEqual(len(refunds.sudo().refund_ids), 1)
        self.assertEqual(len(refunds.sudo().refund_ids.invoice_line_ids), 10)

    def test_refund_without_return_is_not_invoiced_again(self):
        self._invoice()
        self._add(quantity=2, outcome="refund")
        self.ticket.action_create_refund()
        self.ticket.sudo().refund_ids.action_post()
        self.assertEqual(self.desk_line.qty_to_invoice, 0)
        self.ticket.action_resolve("Refunded", "compensation")
        self.ticket.action_confirm_solved("By phone")
        # It is claimed for ever
        with self.assertRaises(UserError):
            self._add(quantity=9, ticket=self._create_ticket())
        self._add(quantity=8, ticket=self._create_ticket())

    def test_nothing_is_refunded_that_was_not_invoiced(self):
        self._add(quantity=2, outcome="refund")
        with self.assertRaisesRegex(UserError, "not invoiced"):
            self.ticket.action_create_refund()

    def test_supplied_again(self):
        line = self._add(quantity=2, outcome="resupply")
        self.ticket.action_create_exchange()
        self.assertEqual(line.sent_quantity, 2)
        self.assertEqual(self.ticket.transfer_ids.sudo().picking_type_id.code, "outgoing")

    def test_what_was_supplied_again_cannot_be_claimed_once_more(self):
        line = self._add(quantity=2, outcome="resupply", reason="missing")
        self.ticket.action_create_exchange()
        self.ticket.action_resolve("Sent again", "resupply")
        self.ticket.action_confirm_solved("By phone")
        other = self._create_ticket()
        # Still on its way: of ten that left, two never arrived
        with self.assertRaises(ValidationError):
            self._add(quantity=9, ticket=other)
        self._receive(self.ticket.transfer_ids)
        self.assertEqual(line.delivered_quantity, 12)
        with self.assertRaises(ValidationError):
            self._add(quantity=11, ticket=other)
        self._add(quantity=10, ticket=other)

    def test_repair(self):
        line = self._add(quantity=2, outcome="repair")
        with self.assertRaises(UserError):
            self.ticket.action_create_exchange()
        self.ticket.action_create_return()
        with self.assertRaisesRegex(UserError, "inspected"):
            self.ticket.action_create_repair()
        self._receive(self.ticket.transfer_ids)
        self.assertEqual(self.desk_line.qty_delivered, 10)
        line.action_inspect("defective", "repair")
        self.ticket.action_create_repair()
        repair = self.ticket.repair_ids.sudo()
        self.assertEqual((repair.product_qty, repair.partner_id), (2, self.customer))
        self.assertEqual(repair.ticket_id, self.ticket)
        with self.assertRaises(UserError):
            self.ticket.action_create_repair()

    def _repair(self, done=True):
        self.ticket.action_create_repair()
        repair = self.ticket.repair_ids.sudo().filtered(lambda r: r.state == "draft")
        if done:
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_end()
        return repair

    def test_repaired_goods_go_back_to_the_customer(self):
        line = self._add(quantity=3, outcome="repair")
        day = line.delivered_at
        self.ticket.action_create_return()
        reception = self.ticket.transfer_ids
        self._receive(reception)
        with self.assertRaisesRegex(UserError, "repair be done"):
            self.ticket.action_send_back()
        line.action_inspect("defective", "repair", 2)
        repair = self._repair(done=False)
        self.assertFalse(self.ticket.can_send_back)
        with self.assertRaisesRegex(UserError, "repair be done"):
            self.ticket.action_send_back()
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertTrue(self.ticket.can_send_back)
        self.ticket.action_send_back()
        sent = self.ticket.transfer_ids - reception
        self.assertEqual(len(sent), 1)
        self.assertEqual(sent.sudo().picking_type_code, "outgoing")
        self.assertEqual(sent.sudo().move_ids.product_uom_qty, 2)
        self.assertEqual(line.sent_quantity, 2)
        self.assertFalse(self.ticket.can_send_back)
        with self.assertRaisesRegex(UserError, "sent back already"):
            self.ticket.action_send_back()
        self._receive(sent)
        # What nothing is wrong with needs no repair
        line.action_inspect("intact", "stock", 1)
        self.ticket.action_send_back()
        last = self.ticket.transfer_ids - reception - sent
        self._receive(last)
        self.assertEqual((line.received_quantity, line.sent_quantity), (3, 3))
        self.assertEqual(self.desk_line.qty_delivered, 10)
        self.assertEqual(self.desk_line.qty_to_invoice, 10)
        self.ticket.action_resolve("Repaired", "repair")
        # As old as it was, and it may be claimed again
        again = self._add(quantity=10, outcome="repair", ticket=self._create_ticket())
        self.assertEqual(again.delivered_at, day)

    def test_repaired_goods_do_not_stay_here(self):
        line = self._add(quantity=2, outcome="repair")
        self.ticket.action_create_return()
        self._receive(self.ticket.transfer_ids)
        line.action_inspect("defective", "scrap", 1)
        line.action_inspect("defective", "repair", 1)
        with self.assertRaisesRegex(UserError, "here still"):
            self.ticket.action_cancel("Sorted out")
        repair = self._repair()
        self.assertEqual(repair.product_qty, 1)
        with self.assertRaisesRegex(UserError, "Desk came back to be repaired"):
            self.ticket.action_resolve("Repaired", "repair")
        self.ticket.action_send_back()
        self.ticket.action_undo_documents()
        self.assertEqual(line.sent_quantity, 0)
        with self.assertRaises(UserError):
            self.ticket.action_resolve("Repaired", "repair")
        line.decided_outcome = "return"
        self.ticket.action_resolve("Beyond repair, paid back", "return_refund")

    def test_the_very_numbers_that_were_repaired_go_back(self):
        phone = self.env["product.product"].create(
            {"name": "Phone", "type": "consu", "is_storable": True, "tracking": "serial"}
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"SN{number}", "product_id": phone.id} for number in range(3)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                phone, self.warehouse.lot_stock_id, 1, lot_id=lot
            )
        order = self._deliver([(phone, 3)])
        line = self._add(order.order_line, 3, outcome="repair")
        self.ticket.action_create_return()
        reception = self.ticket.transfer_ids
        self._receive(reception)
        line.action_inspect("defective", "repair")
        repair = self._repair(done=False)
        repair.write({"product_qty": 1, "lot_id": lots[1].id})
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.ticket.action_send_back()
        sent = (self.ticket.transfer_ids - reception).sudo()
        self.assertEqual(sent.move_line_ids.lot_id, lots[1])
        self.assertEqual(sent.move_line_ids.quantity, 1)
        self._receive(sent)
        self.assertEqual((line.sent_quantity, self.ticket.can_send_back), (1, False))

    def test_exchange_by_way_of_a_packing_zone(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock(self.product, 5)
        line = self._add(quantity=2, outcome="resupply")
        self.ticket.action_create_exchange()
        self.assertEqual((line.sent_quantity, line.returning_quantity), (2, 0))
        self._receive(self.ticket.transfer_ids)
        self.assertEqual((line.sent_quantity, line.received_quantity), (2, 0))

    def test_scrapped_goods_leave_the_stock(self):
        line = self._add(quantity=2)
        self.ticket.action_create_return()
        self._receive(self.ticket.transfer_ids)
        available = self.product.qty_available
        line.action_inspect("defective", "scrap", 2)
        self.assertEqual(line.inspection_ids.scrap_id.state, "done")
        self.product.invalidate_recordset()
        self.assertEqual(self.product.qty_available, available - 2)

    def test_what_is_inspected(self):
        line = self._add(quantity=2)
        with self.assertRaises(UserError):
            line.action_inspect("intact", "stock")
        self.ticket.action_create_return()
        self._receive(self.ticket.transfer_ids)
        for condition, disposition in (("intact", "scrap"), ("good", "stock"), (None, None)):
            with self.assertRaises(UserError):
                line.action_inspect(condition, disposition)
        for quantity in (0, -1, 3):
            with self.assertRaises(UserError):
                line.action_inspect("intact", "stock", quantity)
        for user in (self.salesperson, self.auditor, self.employee):
            with self.assertRaises(AccessError):
                line.with_user(user).action_inspect("intact", "stock")
        line.action_inspect("intact", "stock")
        with self.assertRaises(AccessError):
            line.inspection_ids.sudo().unlink()

    def test_a_wrong_return_is_undone(self):
        self._invoice()
        line = self._add(quantity=2)
        with self.assertRaises(UserError):
            self.ticket.action_undo_documents()
        self.ticket.action_create_return()
        with self.assertRaises(UserError):
            line.quantity = 1
        with self.assertRaises(UserError):
            line.unlink()
        self.ticket.action_undo_documents()
        self.assertEqual(line.returning_quantity, 0)
        self.assertEqual(self.ticket.sudo().transfer_ids.mapped("state"), ["cancel"])
        line.write({"quantity": 1, "decided_outcome": "refund"})
        self.ticket.action_create_refund()
        self.assertEqual(line.refunded_quantity, 1)
        self.ticket.action_undo_documents()
        self.assertEqual(line.refunded_quantity, 0)
        self.assertFalse(self.ticket.sudo().refund_ids)

    def test_who_may(self):
        self._invoice()
        self._add(quantity=2, outcome="refund")
        for name in ("create_return", "create_refund", "create_exchange", "create_repair"):
            self._assert_agents_only(f"action_{name}")
        self._assert_agents_only("action_send_back")
        self._assert_agents_only("action_undo_documents")

    def _assert_agents_only(self, method):
        for user in (self.salesperson, self.auditor, self.expert, self.employee):
            with self.assertRaises(AccessError):
                getattr(self.ticket.with_user(user), method)()


@tagged("post_install", "-at_install")
class TestRefundLimit(GoodsCommon):
    """A refund above the company's limit is signed first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice()
        cls.company.ticket_refund_limit = 1000

    @classmethod
    def _create_refund_step(cls):
        return cls._create_step("Refunds", cls.finance, subjects="refund")

    def _signoff_of(self, ticket):
        return ticket.sudo().refund_review_id.signoff_ids

    def test_below_the_limit(self):
        self._create_refund_step()
        self._add(quantity=5, outcome="refund")
        self.ticket.action_create_refund()
        self.assertEqual(self.ticket.sudo().refund_count, 1)

    def test_above_it_waits_for_signatures(self):
        self._create_refund_step()
        self._add(quantity=10, outcome="refund")
        self.ticket.action_create_refund()
        self.assertFalse(self.ticket.sudo().refund_count)
        self.assertEqual(self.ticket.state, "waiting_internal")
        self.assertEqual(self.ticket.refund_waiting_for, "Refunds")
        with self.assertRaisesRegex(UserError, "waits for Refunds"):
            self.ticket.action_create_refund()
        with self.assertRaises(UserError):
            self.ticket.action_resolve("Refunded", "return_refund")
        signoff = self._signoff_of(self.ticket)
        self.assertIn("10 × Desk", signoff.refund_summary)
        with self.assertRaises(AccessError):
            signoff.with_user(self.agent).action_approve()
        signoff.with_user(self.finance_user).action_approve()
        refund = self.ticket.sudo().refund_ids
        self.assertEqual((refund.state, refund.amount_untaxed), ("draft", 1000))
        self.assertEqual(self.ticket.state, "in_progress")
        kinds = self.order.event_ids.mapped("kind")
        self.assertTrue({"refund_submitted", "refund_approved"} <= set(kinds))

    def test_in_parts_it_is_above_it_all_the_same(self):
        self._create_refund_step()
        self._add(quantity=5, outcome="refund")
        self.ticket.action_create_refund()
        other = self._create_ticket()
        self._add(quantity=5, outcome="refund", ticket=other)
        other.action_create_refund()
        self.assertFalse(other.sudo().refund_count)
        self.assertEqual(other.sudo().refund_review_state, "in_progress")

    def test_refused(self):
        self._create_refund_step()
        self._add(quantity=10, outcome="refund")
        self.ticket.action_create_refund()
        self._signoff_of(self.ticket).with_user(self.finance_user).action_reject("No fault found")
        self.assertFalse(self.ticket.sudo().refund_count)
        self.assertEqual(self.ticket.state, "in_progress")
        self.assertIn("No fault found", self.ticket.message_ids[:1].body)

    def test_the_ticket_has_still_to_be_solved(self):
        """Whatever becomes of the round: it is the refund that is decided, not the ticket."""
        self._create_refund_step()
        self._add(quantity=10, outcome="refund")
        for decide in (
            lambda: self._signoff_of(self.ticket).with_user(self.finance_user).action_reject("No"),
            self.ticket.action_withdraw_refund,
            lambda: self._signoff_of(self.ticket).with_user(self.finance_user).action_approve(),
        ):
            self.ticket.action_create_refund()
            signoff = self._signoff_of(self.ticket)
            self.assertEqual(signoff.deadline_ids.state, "running")
            decide()
            self.assertTrue(signoff.deadline_ids.stopped_at)
            clocks = self.ticket.sudo().deadline_ids.filtered(lambda d: d.clock == "resolution")
            self.assertEqual(clocks.mapped("state"), ["running"])

    def test_another_refund_than_was_signed(self):
        self._create_refund_step()
        line = self._add(quantity=10, outcome="refund")
        self.ticket.action_create_refund()
        line.quantity = 9
        self._signoff_of(self.ticket).with_user(self.finance_user).action_approve()
        self.assertEqual(self.ticket.sudo().refund_review_state, "superseded")
        self.assertIn("create the refund again", self.ticket.sudo().activity_ids[-1:].summary)
        # The order itself is not to be submitted by anybody
        self.assertFalse(self.order.activity_ids)
        self.assertFalse(self.ticket.sudo().refund_count)

    def test_withdrawn(self):
        self._create_refund_step()
        self._add(quantity=10, outcome="refund")
        self.ticket.action_create_refund()
        self.ticket.action_withdraw_refund()
        self.assertEqual(self.ticket.sudo().refund_review_state, "cancelled")
        with self.assertRaises(UserError):
            self.ticket.action_withdraw_refund()

    def test_without_a_step_the_process_manager_is_asked(self):
        self._add(quantity=10, outcome="refund")
        self.ticket.action_create_refund()
        signoff = self._signoff_of(self.ticket)
        signoff.with_user(self.process_manager).action_approve()
        self.assertEqual(self.ticket.sudo().refund_count, 1)

    def test_steps_for_refunds_do_not_ask_for_orders(self):
        self._create_refund_step()
        order = self._create_order()
        self.assertEqual(order.review_state, "not_required")
