from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .expedite_common import ExpediteCommon


@tagged("post_install", "-at_install")
class TestExpediteApply(ExpediteCommon):
    """What was approved is done exactly, or not at all; and given back."""

    def test_does_exactly_what_was_approved(self):
        expedite = self._submit()
        self._sign(expedite)
        self.assertEqual(expedite.state, "applied")
        self.assertEqual(
            [self._reserved(o) for o in (self.order, self.late_order, self.soon_order)], [6, 0, 4]
        )
        self.assertEqual(self.order.priority, "1")
        self.assertEqual(self.order.sudo().order_line.move_ids.state, "assigned")
        self.assertEqual(self.late_order.sudo().order_line.move_ids.state, "confirmed")
        self.assertEqual(self.soon_order.sudo().order_line.move_ids.state, "partially_available")
        self._assert_sums()
        before, after = expedite.before["reserved"], expedite.after["reserved"]
        self.assertEqual(sum(before.values()), 10)
        self.assertEqual(sum(after.values()), 10)

    def test_history_and_ledger_tell_it(self):
        expedite = self._submit()
        self._sign(expedite)
        self.assertEqual(
            [k for k in self._kinds(self.order) if k.startswith("expedite")],
            ["expedite_submitted", "expedite_approved", "expedite_applied"],
        )
        self.assertIn("expedite_harmed", self._kinds(self.soon_order))
        self.assertFalse(self.order.sudo().ledger_ids._find_breaks())
        self.assertFalse(self.soon_order.sudo().ledger_ids._find_breaks())
        picking = self.soon_order.sudo().picking_ids
        self.assertIn("Their line stands still", picking.message_ids[0].body)

    def test_owners_and_departments_are_told(self):
        boss = self._create_user("opc_log_boss", self._group("reviewer"))
        logistics = self._create_department("Logistics", boss)
        logistics.manager_id = boss.employee_ids
        expedite = self._submit(department_id=logistics.id)
        self._sign(expedite)
        task = self.soon_order.sudo().activity_ids
        self.assertEqual(task.user_id, self.other_salesperson)
        self.assertIn("3 days after the promise", task.summary)
        self.assertIn("Their line stands still", task.note)
        told = expedite.sudo().activity_ids.filtered(lambda a: a.user_id == boss)
        self.assertIn("late 1", told.summary)
        self.assertTrue(all(expedite.impact_ids.mapped("told_at")))
        self.assertEqual(expedite.with_user(boss).reason, "Their line stands still")

    def test_customers_are_told_by_choice(self):
        self.customer.email = "customer@example.com"
        expedite = self._submit()
        self._sign(expedite)
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self.customer.ids)])
        self.assertFalse(mails.filtered(lambda m: "new delivery date" in (m.subject or "")))
        soon = expedite.impact_ids.filtered(lambda i: i.order_id == self.soon_order)
        with self.assertRaises(AccessError):
            soon.with_user(self.salesperson).action_tell_customer()  # another salesperson's
        soon.with_user(self.other_salesperson).action_tell_customer()
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self.customer.ids)])
        mail = mails.filtered(lambda m: "new delivery date" in (m.subject or ""))
        self.assertIn(self.soon_order.name, mail.subject)
        with self.assertRaisesRegex(UserError, "told already"):
            soon.with_user(self.other_salesperson).action_tell_customer()

    def test_customers_of_late_orders_are_told_at_once(self):
        self.customer.email = "customer@example.com"
        expedite = self._submit(tell_customers=True)
        self._sign(expedite)
        told = expedite.impact_ids.filtered("customer_told_at").order_id
        self.assertEqual(told, self.soon_order)

    def test_refuses_with_the_difference_when_the_world_is_worse(self):
        expedite = self._submit()
        self.receipt.date = self._days(30)
        self._sign(expedite)
        # The last signature finds out: back to who asked
        self.assertEqual(expedite.state, "draft")
        self.assertEqual(self._reserved(self.order), 0)
        body = expedite.sudo().message_ids[0].body
        self.assertIn(self.soon_order.name, body)
        self.assertIn("25 days", body)
        self.assertIn("expedite_outdated", self._kinds(self.order))

    def test_better_is_no_reason_to_refuse(self):
        expedite = self._submit()
        self.receipt.date = self._days(4)
        self._sign(expedite)
        self.assertEqual(expedite.state, "applied")
        self.assertEqual(expedite.late_count, 1)
        self.assertFalse(any(expedite.impact_ids.mapped("is_late")))

    def test_refuses_when_a_harmed_picking_is_done(self):
        expedite = self._submit()
        as_root = self.env["order.expedite"].browse(expedite.id).sudo()
        picking = self.late_order.sudo().picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        with self.assertRaisesRegex(UserError, "0 of 5 .*Done"):
            as_root._apply()
        self.assertEqual(self._reserved(self.soon_order), 5)

    def test_approved_but_not_possible_is_told_and_tried_again(self):
        expedite = self._submit()
        with self.assertRaisesRegex(UserError, "not approved"):
            expedite.action_apply()
        self.patch(
            type(self.env["order.expedite"]),
            "_lock_stock",
            lambda self, takes: (_ for _ in ()).throw(UserError("Somebody is moving it")),
        )
        self._sign(expedite)
        self.assertEqual(expedite.state, "approved")
        self.assertIn("not applied", expedite.sudo().activity_ids.mapped("summary")[0])
        self.assertEqual(self._reserved(self.order), 0)

    def test_nothing_is_moved_but_what_was_approved(self):
        expedite = self._submit()
        orders = self.order, self.late_order, self.soon_order
        before = [self._reserved(order) for order in orders]
        release = type(expedite)._release_lines

        def take(difference):
            def release_others(self, moves, quantities):
                wrong = {key: quantity + difference for key, quantity in quantities.items()}
                return release(self, moves, wrong)

            return patch.object(type(expedite), "_release_lines", release_others)

        with take(-1):
            self._sign(expedite)
        self.assertEqual(expedite.state, "approved")
        self.assertIn("cannot be reserved as it was approved", expedite.message_ids[0].body)
        refusal = self.assertRaisesRegex(UserError, "cannot be reserved as it was approved")
        with take(1), refusal, self.cr.savepoint():
            expedite.action_apply()
        self.assertEqual([self._reserved(order) for order in orders], before)
        self.assertEqual(expedite.state, "approved")
        expedite.action_apply()
        self.assertEqual([self._reserved(order) for order in orders], [6, 0, 4])
        self._assert_sums()

    def test_split_and_wait(self):
        self._stock(self.product, 2)
        expedite = self._submit(scenario="split")
        self._sign(expedite)
        self.assertEqual(self._reserved(self.order), 2)
        self.assertEqual(self.order.sudo().picking_ids.move_type, "direct")
        self.assertEqual(self._reserved(self.late_order), 5)
        self._assert_sums()

    def test_serial_numbers_move_one_by_one(self):
        product = self._create_product("Machine", tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": f"SN{n}", "product_id": product.id} for n in range(3)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                product, self.stock_location, 1, lot_id=lot
            )
        harmed = self._create_confirmed(3, 20, product=product)
        order = self._create_confirmed(2, 10, product=product)
        expedite = self._submit(order)
        self._sign(expedite)
        self.assertEqual(expedite.state, "applied")
        own = order.sudo().order_line.move_ids.move_line_ids
        theirs = harmed.sudo().order_line.move_ids.move_line_ids
        self.assertEqual(len(own.lot_id), 2)
        self.assertEqual(own.lot_id | theirs.lot_id, lots)
        self.assertFalse(own.lot_id & theirs.lot_id)
        self._assert_sums(product)
        expedite.action_revert()
        self.assertEqual([self._reserved(order), self._reserved(harmed)], [0, 3])
        self._assert_sums(product)

    def test_part_of_a_dozen_is_exact(self):
        self._propagate_units()
        product = self._create_product("Bolt", 24)
        harmed = self._create_order(lines=[(product, 2)], commitment_date=self._days(20))
        harmed.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        harmed.sudo().action_confirm()
        self.assertEqual(harmed.sudo().order_line.move_ids.product_uom.name, "Dozens")
        order = self._create_confirmed(5, 10, product=product)
        expedite = self._submit(order)
        self._sign(expedite)
        self.assertEqual(expedite.state, "applied")
        self.assertEqual([self._reserved(order), self._reserved(harmed)], [5, 19])
        self._assert_sums(product)

    def test_lot_and_package_go_along(self):
        product = self._create_product("Paint", tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": product.id})
        package = self.env["stock.package"].create({"name": "PALLET"})
        self.env["stock.quant"]._update_available_quantity(
            product, self.stock_location, 8, lot_id=lot, package_id=package
        )
        self._create_confirmed(5, 20, product=product)
        order = self._create_confirmed(6, 10, product=product)
        expedite = self._submit(order)
        self._sign(expedite)
        line = order.sudo().order_line.move_ids.move_line_ids
        self.assertEqual(
            (sum(line.mapped("quantity")), line.lot_id, line.package_id), (6, lot, package)
        )
        self._assert_sums(product)

    def test_pick_and_pack_takes_from_the_first_step(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        product = self._create_product("Lamp", 4)
        harmed = self._create_confirmed(4, 20, product=product)
        order = self._create_confirmed(3, 10, product=product)
        expedite = self._submit(order)
        self._sign(expedite)
        self.assertEqual([self._reserved(order), self._reserved(harmed)], [3, 1])
        self._assert_sums(product)

    # === GIVING BACK ===#

    def test_revert_gives_back(self):
        expedite = self._submit()
        self._sign(expedite)
        expedite.action_revert()
        self.assertEqual(expedite.state, "reverted")
        self.assertEqual(
            [self._reserved(o) for o in (self.order, self.late_order, self.soon_order)], [0, 5, 5]
        )
        self.assertEqual(self.order.priority, "0")
        self.assertFalse(self.soon_order.sudo().activity_ids)
        self.assertIn("expedite_reverted", self._kinds(self.soon_order))
        self._assert_sums()

    def test_revert_gives_back_what_can_be_given_back(self):
        expedite = self._submit()
        self._sign(expedite)
        self.late_order.sudo()._action_cancel()
        expedite.action_revert()
        self.assertEqual([self._reserved(o) for o in (self.order, self.soon_order)], [5, 5])
        self.assertEqual(expedite.after["given_back"], 1)
        self._assert_sums()

    def test_no_revert_once_shipped(self):
        expedite = self._submit()
        self._sign(expedite)
        picking = self.order.sudo().picking_ids
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "being prepared"):
            expedite.action_revert()
        picking.button_validate()
        with self.assertRaisesRegex(UserError, "has left"):
            expedite.action_revert()
        expedite.invalidate_recordset()
        self.assertEqual(expedite.kept, "kept")
        self.assertTrue(expedite.has_shipped)

    def test_promise_not_kept(self):
        expedite = self._submit()
        self._sign(expedite)
        self.env.cr.execute(
            "UPDATE order_expedite SET expected_completion = %s WHERE id = %s",
            [fields.Datetime.subtract(fields.Datetime.now(), days=2), expedite.id],
        )
        expedite.invalidate_recordset()
        self.assertEqual(expedite.kept, "missed")
