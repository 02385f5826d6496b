from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ...models.review.line_origin import CONTEXT_KEY
from ..common import OrderProcessCommon


class ConfirmedFlowsCommon(OrderProcessCommon):
    """An order that was reviewed and confirmed, and the people who work on it afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.stock_user = cls._create_user("opc_stock", "stock.group_stock_user")
        # Odoo lets nobody add order lines without a right in Sales, not from a picking either
        cls.shipper = cls._create_user(
            "opc_ship", "stock.group_stock_user,sales_team.group_sale_salesman_all_leads"
        )
        cls.accountant = cls._create_user(
            "opc_acc", "account.group_account_invoice,sales_team.group_sale_salesman_all_leads"
        )
        cls.purchaser = cls._create_user("opc_buy", "purchase.group_purchase_user")
        (cls.product | cls.service).write({"taxes_id": False, "invoice_policy": "order"})
        cls.lamp = cls.env["product.product"].create(
            {
                "name": "Lamp",
                "type": "consu",
                "is_storable": True,
                "list_price": 30.0,
                "invoice_policy": "delivery",
                "taxes_id": False,
            }
        )
        cls._stock(cls.product, 100)
        cls._stock(cls.lamp, 100)
        cls.freight = cls.env["product.product"].create(
            {"name": "Freight", "type": "service", "list_price": 15.0, "taxes_id": False}
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": cls.freight.id, "fixed_price": 15.0}
        )
        # A label is printed and the real price asked when the picking is done
        cls.warehouse.out_type_id.print_label = True

    @classmethod
    def _confirm(cls, order):
        """Have the order reviewed, approved and confirmed by those who do so."""
        order.action_request_review()
        signoff = order.sudo().current_review_id.signoff_ids
        signoff.with_user(cls.finance_user).action_approve()
        order.action_confirm()
        cls.env.flush_all()
        return order

    @classmethod
    def _create_confirmed(cls, lines=None, **vals):
        return cls._confirm(cls._create_order(lines=lines, **vals))

    def _content(self, order):
        self.env.flush_all()
        order.invalidate_recordset()
        return order._get_review_contents()

    @contextmanager
    def assertSameContent(self, order):
        """The block leaves what was reviewed as it is, and the release in force."""
        before = self._content(order)
        yield
        self.assertEqual(self._content(order), before)
        self.assertTrue(order.sudo()._has_content_of(order.sudo().release_id))

    def assertChangesContent(self, order, act):
        """``act`` is noticed: refused for the sake of the review, or a change of content."""
        before = self._content(order)
        try:
            with self.env.cr.savepoint():
                act()
                self.env.flush_all()
        except AccessError:
            raise
        except UserError as refusal:
            self.assertIn(order.name, str(refusal))
            return
        self.assertNotEqual(self._content(order), before)

    def _ship(self, picking, user, quantities=None):
        """Ship what is planned, or ``{product: quantity}``, without backorder."""
        picking = picking.with_user(user).with_context(skip_sms=True)
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = (quantities or {}).get(move.product_id, move.product_uom_qty)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def _ship_with(self, picking, product, quantity, **move_vals):
        """Ship, with a product more that somebody put on the picking."""
        picking.with_user(self.shipper).write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": picking.location_id.id,
                            "location_dest_id": picking.location_dest_id.id,
                            **move_vals,
                        }
                    )
                ]
            }
        )
        self._ship(picking, self.shipper)

    def _create_unordered_line(self, **product_vals):
        """Return an order's line that a picking has added: a lamp."""
        order = self._create_confirmed()
        if product_vals:
            self.lamp.write(product_vals)
        self._ship_with(order.picking_ids, self.lamp, 1)
        return order.order_line - order.order_line[:1]

    def _invoice(self, order, final=False):
        """The salesperson invoices, the accountant posts."""
        invoice = order.with_user(self.salesperson)._create_invoices(final=final)
        invoice.sudo().invoice_date = fields.Date.today()
        invoice.with_user(self.accountant).action_post()
        return invoice.sudo()


@tagged("post_install", "-at_install")
class TestConfirmedDelivery(ConfirmedFlowsCommon):
    """The warehouse ships what is there, ordered or not."""

    def test_delivery(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            self._ship(order.picking_ids, self.stock_user)
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(order.delivery_status, "full")

    def test_part_is_delivered(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            self._ship(order.picking_ids, self.stock_user, {self.product: 1})
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_more_delivered_than_ordered(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            self._ship(order.picking_ids, self.stock_user, {self.product: 5})
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertEqual(order.order_line.qty_delivered, 5)
        with self.assertSameContent(order):
            self.assertEqual(self._invoice(order).amount_untaxed, 200)

    def test_service_delivered_by_hand(self):
        order = self._create_confirmed([(self.service, 3)])
        with self.assertSameContent(order):
            order.order_line.write({"qty_delivered": 2})
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_product_added_on_picking(self):
        order = self._create_confirmed()
        ordered = order.order_line
        with self.assertSameContent(order):
            self._ship_with(order.picking_ids, self.lamp, 3)
        added = order.order_line - ordered
        self.assertEqual(added.process_origin, "picking")
        self.assertFalse(ordered.process_origin)
        self.assertEqual((added.product_uom_qty, added.qty_delivered), (0, 3))
        with self.assertSameContent(order):
            invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 2 * 100 + 3 * 30)

    def test_product_of_ordered_policy_added_on_picking(self):
        added = self._create_unordered_line(invoice_policy="order")
        self.assertEqual(added.process_origin, "picking")
        self.assertEqual(added.price_unit, 0)

    def test_picking_without_any_ordered_line(self):
        """Odoo's second way: a picking that belongs to the order, but to none of its lines."""
        order = self._create_confirmed()
        self._ship(order.picking_ids, self.stock_user)
        picking = order.picking_ids.copy({"move_ids": []})
        references = order.sudo().stock_reference_ids
        with self.assertSameContent(order):
            self._ship_with(picking, self.lamp, 2, reference_ids=[Command.set(references.ids)])
        added = order.order_line - order.order_line[:1]
        self.assertEqual(added.process_origin, "picking")
        self.assertEqual(added.qty_delivered, 2)

    def test_move_done_without_its_picking(self):
        """Some modules finish moves, and not the picking."""
        order = self._create_confirmed()
        picking = order.picking_ids.with_user(self.shipper)
        move = (
            self.env["stock.move"]
            .with_user(self.shipper)
            .create(
                {
                    "picking_id": picking.id,
                    "product_id": self.lamp.id,
                    "product_uom_qty": 1,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        )
        move._action_confirm()
        for planned in picking.move_ids:
            planned.quantity = planned.product_uom_qty
        picking.move_ids.picked = True
        with self.assertSameContent(order):
            picking.move_ids._action_done()
        self.assertEqual(move.sale_line_id.process_origin, "picking")
        self.assertEqual(move.sale_line_id.qty_delivered, 1)

    def test_return(self):
        for to_refund, delivered in ((True, 1), (False, 2)):
            order = self._create_confirmed()
            self._ship(order.picking_ids, self.stock_user)
            with self.assertSameContent(order):
                wizard = (
                    self.env["stock.return.picking"]
                    .with_user(self.stock_user)
                    .with_context(
                        active_model="stock.picking",
                        active_id=order.picking_ids.id,
                        active_ids=order.picking_ids.ids,
                    )
                    .create({})
                )
                wizard.product_return_moves.write({"quantity": 1, "to_refund": to_refund})
                returned = self.env["stock.picking"].browse(
                    wizard.action_create_returns()["res_id"]
                )
                self._ship(returned, self.stock_user)
            self.assertEqual(order.order_line.qty_delivered, delivered)

    def test_unordered_product_comes_back(self):
        """A customer returns what was never on the order: a line with less than nothing."""
        order = self._create_confirmed()
        self._ship(order.picking_ids, self.stock_user)
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.shipper)
            .with_context(active_model="stock.picking", active_id=order.picking_ids.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.with_user(self.shipper).write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.lamp.id,
                            "product_uom_qty": 1,
                            "to_refund": True,
                            "location_id": returned.location_id.id,
                            "location_dest_id": returned.location_dest_id.id,
                        }
                    )
                ]
            }
        )
        with self.assertSameContent(order):
            self._ship(returned, self.shipper)
        added = order.order_line - order.order_line[:1]
        self.assertEqual((added.process_origin, added.qty_delivered), ("picking", -1))

    def test_locked_order_is_delivered_and_invoiced(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            order.action_lock()
            self._ship(order.picking_ids, self.stock_user)
            invoice = self._invoice(order)
            order.action_unlock()
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(invoice.amount_untaxed, 200)


@tagged("post_install", "-at_install")
class TestConfirmedShippingCost(ConfirmedFlowsCommon):
    """Shipping is priced when the goods are packed, not when the order is reviewed."""

    def _add_carrier(self, order, carrier=None):
        wizard = Form(
            self.env["choose.delivery.carrier"]
            .with_user(self.salesperson)
            .with_context(
                default_order_id=order.id, default_carrier_id=(carrier or self.carrier).id
            )
        )
        wizard.save().button_confirm()
        return order.order_line.filtered("is_delivery")

    def test_carrier_added_changed_and_removed(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            line = self._add_carrier(order)
            self.assertEqual((line.price_unit, order.amount_untaxed), (15, 215))
            self.assertEqual(order.picking_ids.carrier_id, self.carrier)
            self.carrier.fixed_price = 25
            line = self._add_carrier(order)
            self.assertEqual((line.price_unit, order.amount_untaxed), (25, 225))
        with self.assertSameContent(order):
            line.unlink()
        self.assertEqual(order.amount_untaxed, 200)

    def test_real_cost_of_chosen_carrier(self):
        self.carrier.invoice_policy = "real"
        order = self._create_confirmed()
        with self.assertSameContent(order):
            line = self._add_carrier(order)
            self.assertEqual(line.price_unit, 0)
            self._ship(order.picking_ids, self.stock_user)
        self.assertEqual(line.price_unit, 15)

    def test_real_cost_of_carrier_on_picking(self):
        self.carrier.invoice_policy = "real"
        order = self._create_confirmed()
        with self.assertSameContent(order):
            order.picking_ids.with_user(self.stock_user).carrier_id = self.carrier
            self._ship(order.picking_ids, self.stock_user)
        line = order.order_line.filtered("is_delivery")
        self.assertEqual((line.price_unit, line.product_uom_qty), (15, 1))
        self.assertFalse(line.process_origin)

    def test_archived_carrier(self):
        order = self._create_confirmed()
        self._add_carrier(order)
        with self.assertSameContent(order):
            self.carrier.active = False

    def test_flag_alone_is_no_carrier_line(self):
        for vals in (
            {"product_id": self.service.id},
            {"product_id": self.product.id},
            {"product_uom_qty": 2},
            {"price_unit": -15},
            {"discount": 250},
            {"is_delivery": False},
        ):
            order = self._create_confirmed()
            vals = {
                "order_id": order.id,
                "product_id": self.freight.id,
                "product_uom_qty": 1,
                "is_delivery": True,
                **vals,
            }
            SaleOrderLine = self.env["sale.order.line"].with_user(self.salesperson)
            with self.subTest(vals=vals):
                self.assertChangesContent(order, lambda v=vals, m=SaleOrderLine: m.create(v))

    def test_reviewed_line_does_not_leave_by_the_flag(self):
        order = self._create_confirmed([(self.product, 2), (self.freight, 1)])
        line = order.order_line[-1]
        self.assertChangesContent(order, lambda: line.write({"is_delivery": True}))

    def test_goods_are_no_shipping(self):
        order = self._create_order()
        line = self._add_carrier(order)
        self.assertNotIn(line, order._get_watched_lines())
        # Not through the product: Odoo changes its type only while it is not used
        self.carrier.product_id = self.lamp
        line.product_id = self.lamp
        self.assertIn(line, order._get_watched_lines())


@tagged("post_install", "-at_install")
class TestConfirmedInvoicing(ConfirmedFlowsCommon):
    """What is invoiced, when and with which down payment, changes nothing that was promised."""

    def _pay_down(self, order, percentage):
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.salesperson)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": percentage})
        )
        invoices = order.invoice_ids
        wizard.create_invoices()
        invoice = order.invoice_ids - invoices
        invoice.sudo().invoice_date = fields.Date.today()
        invoice.with_user(self.accountant).action_post()
        return invoice

    def test_regular_invoice(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            invoice = self._invoice(order)
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 200))
        self.assertEqual(order.invoice_status, "invoiced")

    def test_down_payment_and_final_invoice(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            down_payment = self._pay_down(order, 25)
            self.assertEqual(down_payment.amount_untaxed, 50)
            # Odoo takes the price of the posted invoice over
            self.assertEqual(sum(order.order_line.mapped("price_unit")), 150)
            invoice = self._invoice(order, final=True)
        self.assertEqual(invoice.amount_untaxed, 150)

    def test_cancelled_down_payment(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            invoice = self._pay_down(order, 25).with_user(self.accountant)
            invoice.button_draft()
            invoice.button_cancel()
        with self.assertSameContent(order):
            invoice.sudo().unlink()
        self.assertFalse(
            order.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
        )

    def test_credit_note(self):
        order = self._create_confirmed()
        invoice = self._invoice(order)
        with self.assertSameContent(order):
            reversal = (
                self.env["account.move.reversal"]
                .with_user(self.accountant)
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"reason": "Broken", "journal_id": invoice.journal_id.id})
            )
            refund = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
            refund.with_user(self.accountant).action_post()
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_refund_of_returned_goods(self):
        self.product.invoice_policy = "delivery"
        order = self._create_confirmed()
        self._ship(order.picking_ids, self.stock_user)
        self._invoice(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.stock_user)
            .with_context(active_model="stock.picking", active_id=order.picking_ids.id)
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._ship(returned, self.stock_user)
        with self.assertSameContent(order):
            refund = self._invoice(order, final=True)
        self.assertEqual((refund.move_type, refund.amount_untaxed), ("out_refund", 100))

    def test_price_changed_on_the_invoice(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            invoice = order._create_invoices().with_user(self.accountant)
            invoice.write(
                {
                    "invoice_line_ids": [
                        Command.update(invoice.invoice_line_ids.id, {"price_unit": 90})
                    ]
                }
            )
            invoice.invoice_date = fields.Date.today()
            invoice.action_post()
        self.assertEqual(order.order_line.price_unit, 100)
        self.assertEqual(invoice.amount_untaxed, 180)

    def test_upselling(self):
        """Odoo only proposes to sell more; to do so is another promise."""
        self.service.write({"service_type": "manual"})
        order = self._create_confirmed([(self.service, 3)])
        with self.assertSameContent(order):
            order.order_line.qty_delivered = 5
            self._invoice(order)
        self.assertEqual(order.invoice_status, "upselling")
        self.assertChangesContent(order, lambda: order.order_line.write({"product_uom_qty": 5}))

    def test_forged_down_payment(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            line = (
                self.env["sale.order.line"]
                .with_user(self.salesperson)
                .create(
                    {
                        "order_id": order.id,
                        "product_id": self.service.id,
                        "name": "Down payment",
                        "is_downpayment": True,
                        "product_uom_qty": 0,
                        "price_unit": -50,
                    }
                )
            )
            self.assertEqual(order.amount_untaxed, 200)
            self.assertEqual(self._invoice(order, final=True).amount_untaxed, 200)
        self.assertChangesContent(order, lambda: line.write({"is_downpayment": False}))
        self.assertChangesContent(order, lambda: line.write({"product_uom_qty": 1}))


@tagged("post_install", "-at_install")
class TestConfirmedCosts(ConfirmedFlowsCommon):
    """Costs that the customer pays are booked on the order when the bill comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.toll = cls.env["product.product"].create(
            {
                "name": "Toll",
                "type": "service",
                "expense_policy": "cost",
                "invoice_policy": "delivery",
                "standard_price": 40.0,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )
        plan = cls.env["account.analytic.plan"].create({"name": "Test plan"})
        cls.analytic_account = cls.env["account.analytic.account"].create(
            {"name": "Test account", "plan_id": plan.id}
        )
        cls.supplier = cls.env["res.partner"].create({"name": "Motorway Company"})

    def _bill(self, order, product=None, price=40):
        """Post a bill whose costs go onto ``order``.

        Which order that is, other modules say: projects and expenses.
        """
        bill = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.supplier.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": (product or self.toll).id,
                                "quantity": 2,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                "analytic_distribution": {self.analytic_account.id: 100},
                            }
                        )
                    ],
                }
            )
        )
        AccountMoveLine = type(self.env["account.move.line"])
        with patch.object(
            AccountMoveLine,
            "_sale_determine_order",
            lambda lines: dict.fromkeys(lines.ids, order.with_env(lines.env)),
        ):
            bill.action_post()
        return bill

    def test_bill_is_passed_on(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            self._bill(order)
        cost = order.order_line.filtered("is_expense")
        self.assertEqual(cost.process_origin, "expense")
        self.assertEqual((cost.qty_delivered, cost.price_unit), (2, 40))
        with self.assertSameContent(order):
            invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 200 + 80)

    def test_costs_at_sales_price_share_a_line(self):
        self.toll.write({"expense_policy": "sales_price", "list_price": 50})
        order = self._create_confirmed()
        with self.assertSameContent(order):
            self._bill(order)
            self._bill(order)
        cost = order.order_line.filtered("is_expense")
        self.assertEqual((len(cost), cost.qty_delivered, cost.price_unit), (1, 4, 50))

    def test_bill_set_back(self):
        order = self._create_confirmed()
        bill = self._bill(order)
        with self.assertSameContent(order):
            bill.button_draft()
        cost = order.order_line.filtered("is_expense")
        self.assertEqual((cost.process_origin, cost.qty_delivered), ("expense", 0))


@tagged("post_install", "-at_install")
class TestConfirmedRepair(ConfirmedFlowsCommon):
    """What a repair turns out to need nobody knew when the order was reviewed."""

    def _create_repair(self, order, **vals):
        return (
            self.env["repair.order"]
            .with_user(self.shipper)
            .create(
                {
                    "product_id": self.product.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_id": order.id,
                    "picking_type_id": self.warehouse.repair_type_id.id,
                    **vals,
                }
            )
        )

    def _add_part(self, repair, **move_vals):
        repair.write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "repair_line_type": "add",
                            "product_id": self.lamp.id,
                            "product_uom_qty": 1,
                            **move_vals,
                        }
                    )
                ]
            }
        )
        return repair.move_ids.sale_line_id

    def test_part_added_changed_given_and_used(self):
        order = self._create_confirmed()
        repair = self._create_repair(order)
        repair.action_validate()
        with self.assertSameContent(order):
            line = self._add_part(repair)
            self.assertEqual(line.order_id, order)
            self.assertEqual((line.product_uom_qty, line.price_unit), (1, 30))
            repair.move_ids.product_uom_qty = 2
            self.assertEqual(line.product_uom_qty, 2)
            repair.under_warranty = True
            self.assertEqual(line.price_unit, 0)
            repair.under_warranty = False
            self.assertEqual(line.price_unit, 30)
        with self.assertSameContent(order):
            repair.action_repair_start()
            repair.move_ids.quantity = 2
            repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        self.assertEqual((line.process_origin, line.qty_delivered), ("repair", 2))
        with self.assertSameContent(order):
            self.assertEqual(self._invoice(order).amount_untaxed, 200 + 60)

    def test_cancelled_repair(self):
        order = self._create_confirmed()
        repair = self._create_repair(order)
        repair.action_validate()
        with self.assertSameContent(order):
            line = self._add_part(repair)
            repair.action_repair_cancel()
            self.assertEqual(line.product_uom_qty, 0)
            repair.action_repair_cancel_draft()
        self.assertEqual((line.process_origin, line.product_uom_qty), ("repair", 1))

    def test_removed_part(self):
        order = self._create_confirmed()
        repair = self._create_repair(order)
        repair.action_validate()
        # Odoo lets only the manager delete what was planned
        self.shipper.group_ids += self.env.ref("stock.group_stock_manager")
        with self.assertSameContent(order):
            line = self._add_part(repair)
            repair.move_ids.unlink()
        self.assertEqual((line.process_origin, line.product_uom_qty), ("repair", 0))

    def test_ordered_repair(self):
        """A service that starts a repair when it is confirmed; its parts come later."""
        self.service.service_tracking = "repair"
        order = self._create_confirmed([(self.service, 1)])
        repair = order.sudo().repair_order_ids.with_user(self.shipper)
        self.assertEqual(repair.sale_order_line_id, order.order_line)
        with self.assertSameContent(order):
            repair.product_id = self.product
            line = self._add_part(repair)
            repair.action_repair_start()
            repair.action_repair_end()
        self.assertEqual(line.process_origin, "repair")
        self.assertEqual(order.order_line[0].qty_delivered, 1)

    def test_cancelled_ordered_repair(self):
        """The line is one of those reviewed: the repair is cancelled all the same."""
        self.service.service_tracking = "repair"
        order = self._create_confirmed([(self.service, 1), (self.product, 2)])
        order.sudo().repair_order_ids.with_user(self.shipper).action_repair_cancel()
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [0, 2])
        self.assertEqual(order.state, "sale")

    def test_part_that_takes_off_is_content(self):
        for vals in ({"price_unit": -80}, {"product_uom_qty": -1}):
            order = self._create_confirmed()
            # A draft: Odoo turns a negative part around when the repair is confirmed
            repair = self._create_repair(order)
            with self.subTest(vals=vals):
                self.assertChangesContent(order, lambda r=repair, v=vals: self._add_part(r, **v))

    def test_quotation_of_a_repair_is_reviewed(self):
        repair = self._create_repair(self._create_order(), sale_order_id=False)
        line = self._add_part(repair)
        self.assertFalse(line)
        repair.action_create_sale_order()
        order = repair.sale_order_id
        self.assertEqual(order.order_line.product_id, self.lamp)
        self.assertFalse(order.order_line.process_origin)
        self.assertEqual(order._get_watched_lines(), order.order_line)


@tagged("post_install", "-at_install")
class TestConfirmedOther(ConfirmedFlowsCommon):
    """Buying, mailing, locking and cancelling."""

    def test_purchased_service(self):
        supplier = self.env["res.partner"].create({"name": "Fitters"})
        self.service.seller_ids = [Command.create({"partner_id": supplier.id, "price": 20})]
        self.service.service_to_purchase = True
        order = self._create_confirmed([(self.service, 2)])
        with self.assertSameContent(order):
            purchase = order.sudo()._get_purchase_orders().with_user(self.purchaser)
            purchase.button_confirm()
            purchase.order_line.qty_received = 2
        self.assertEqual(purchase.order_line.product_qty, 2)
        self.assertEqual(purchase.state, "purchase")

    def test_lock_and_unlock(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            order.action_lock()
            self.assertTrue(order.locked)
            order.action_unlock()

    def test_mail(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            action = order.action_quotation_send()
            composer = (
                self.env["mail.compose.message"]
                .with_user(self.salesperson)
                .with_context(**action["context"])
                .create({})
            )
            composer._action_send_mail()
            order._send_order_confirmation_mail()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.message_ids.filtered(lambda m: m.message_type == "comment"))

    def test_scheduled_dates(self):
        order = self._create_confirmed()
        with self.assertSameContent(order):
            order.picking_ids.with_user(self.stock_user).scheduled_date = "2040-01-01 08:00:00"
        self.assertEqual(str(order.picking_ids.scheduled_date), "2040-01-01 08:00:00")

    def test_cancel_and_new_review_of_everything(self):
        added = self._create_unordered_line()
        order = added.order_id.with_user(self.salesperson)
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        order.action_draft()
        self.assertFalse(added.process_origin)
        self.assertIn(added, order._get_watched_lines())

    def test_copy_is_content(self):
        added = self._create_unordered_line()
        copy = added.order_id.with_user(self.salesperson).copy()
        self.assertFalse(any(copy.order_line.mapped("process_origin")))
        self.assertEqual(copy._get_watched_lines(), copy.order_line)


@tagged("post_install", "-at_install")
class TestLineOrigin(ConfirmedFlowsCommon):
    """Where a line comes from is said by Odoo's documents alone, and only until it is edited."""

    def _create_line(self, order, user=None, context=None, **vals):
        return (
            self.env["sale.order.line"]
            .with_user(user or self.salesperson)
            .with_context(**(context or {}))
            .create({"order_id": order.id, "product_id": self.lamp.id, **vals})
        )

    def test_origin_is_not_taken_from_anybody(self):
        order = self._create_order()
        self.env["ir.default"].set("sale.order.line", "process_origin", "picking")
        for user in (self.salesperson, self.sales_manager, self.env.ref("base.user_admin")):
            for vals, context in (
                ({"process_origin": "picking"}, {}),
                ({"product_uom_qty": 0, "process_origin": "expense", "is_expense": True}, {}),
                ({}, {"default_process_origin": "picking"}),
                ({"product_uom_qty": 0}, {CONTEXT_KEY: "picking"}),
                ({"product_uom_qty": 0}, {CONTEXT_KEY: {"kind": "picking"}}),
                ({"product_uom_qty": 0, "move_ids": []}, {CONTEXT_KEY: True}),
            ):
                with self.subTest(user=user.login, vals=vals, context=context):
                    line = self._create_line(order, user, context, **vals)
                    self.assertFalse(line.process_origin)
                    line.write({"process_origin": "picking"})
                    self.assertFalse(line.process_origin)
        self.assertEqual(order._get_watched_lines(), order.order_line)

    def test_forged_origin_on_confirmed_order(self):
        order = self._create_confirmed()
        for vals in (
            {"process_origin": "picking", "product_uom_qty": 0},
            {"process_origin": "expense", "is_expense": True},
        ):
            self.assertChangesContent(order, lambda v=vals: self._create_line(order, **v))
        self.assertChangesContent(
            order,
            lambda: order.write(
                {
                    "order_line": [
                        Command.create({"product_id": self.lamp.id, "process_origin": "repair"})
                    ]
                }
            ),
        )
        self.assertChangesContent(
            order,
            lambda: order.order_line.write({"process_origin": "repair", "product_uom_qty": 9}),
        )

    def test_import_of_origin(self):
        order = self._create_order(order_line=[])
        result = (
            self.env["sale.order.line"]
            .with_user(self.salesperson)
            .load(
                ["order_id/.id", "product_id/.id", "process_origin"],
                [[str(order.id), str(self.lamp.id), "picking"]],
            )
        )
        self.assertTrue(result["ids"], result["messages"])
        self.assertFalse(order.order_line.process_origin)

    def test_edited_line_is_content(self):
        tax = self.env["account.tax"].create({"name": "Test tax", "amount": 10})
        line = self._create_unordered_line().with_user(self.salesperson)
        order = line.order_id
        for vals in (
            {"product_uom_qty": 4},
            {"price_unit": 1},
            {"discount": 50},
            {"name": "Gold"},
            {"tax_ids": [Command.link(tax.id)]},
            {"tax_ids": [Command.create({"name": "Other tax", "amount": 5})]},
            {"customer_lead": 9},
            {"is_delivery": True},
            {"price_unit": 1, "process_origin": "picking"},
        ):
            user = line if "tax_ids" not in vals else line.sudo()
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint:
                self.assertChangesContent(order, lambda v=vals, u=user: u.write(v))
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(line.process_origin, "picking")

    def test_same_values_and_progress_keep_the_origin(self):
        line = self._create_unordered_line().with_user(self.salesperson)
        with self.assertSameContent(line.order_id):
            line.write(
                {
                    "product_uom_qty": 0,
                    "price_unit": 30.0,
                    "name": line.name,
                    "product_id": line.product_id.id,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                    "sequence": 99,
                }
            )
            line._compute_price_unit()
            line._compute_tax_ids()
        self.assertEqual(line.process_origin, "picking")

    def test_only_the_edited_line_loses_it(self):
        line = self._create_unordered_line()
        order = line.order_id
        ordered = order.order_line - line
        other = self._create_unordered_line()
        (line | other).with_user(self.sales_manager).write({"price_unit": 30})
        self.assertEqual((line | other).mapped("process_origin"), ["picking", "picking"])
        self.assertFalse(ordered.process_origin)

    def test_line_moved_to_another_order_is_content(self):
        line = self._create_unordered_line().with_user(self.salesperson)
        other = self._create_order()
        line.write({"order_id": other.id})
        self.assertFalse(line.process_origin)
        self.assertIn(line, other._get_watched_lines())

    def test_sql_says_the_same(self):
        """The statement of the gate and the method of the screen agree on every line there is."""
        self._create_unordered_line()
        order = self._create_confirmed()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 10})
        )
        wizard.create_invoices()
        draft = self._create_order()
        draft.set_delivery_line(self.carrier, 15)
        for vals in (
            {"product_uom_qty": 2},
            {"price_unit": -1},
            {"discount": 150},
            {"product_id": self.service.id},
            {"product_uom_qty": -1},
        ):
            self._create_line(
                draft,
                **{
                    "is_delivery": True,
                    "product_id": self.freight.id,
                    "product_uom_qty": 1,
                    **vals,
                },
            )
        self._create_line(draft, product_id=False, display_type="line_note", name="Note")
        SaleOrderLine = self.env["sale.order.line"]
        self.env.flush_all()
        lines = SaleOrderLine.search(Domain.TRUE)
        query = SaleOrderLine._get_not_content_sql()
        rows = self.env.execute_query(
            SQL("SELECT l.id FROM sale_order_line l WHERE NOT %s ORDER BY l.id", query)
        )
        content = SaleOrderLine.browse(line_id for (line_id,) in rows)
        self.assertEqual(len((draft.order_line - content).exists()), 2)
        self.assertLess(content, lines)
