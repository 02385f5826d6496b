from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.order.process_token import as_process
from .expedite_common import ExpediteCommon


@tagged("post_install", "-at_install")
class TestExpediteSimulation(ExpediteCommon):
    """What each way would do, and that finding out touches nothing."""

    def test_takes_from_the_least_harmed_first(self):
        expedite = self._simulate()
        scenario = self._scenario(expedite, "take")
        moves = {
            order: order.sudo().order_line.move_ids.ids
            for order in (self.late_order, self.soon_order)
        }
        taken = {
            move: sum(t[-1] for t in scenario["takes"] if t[0] in moves[move]) for move in moves
        }
        self.assertEqual(taken, {self.late_order: 5, self.soon_order: 1})
        self.assertTrue(scenario["meets"])
        self.assertEqual((scenario["harmed"], scenario["late"]), (2, 1))

    def test_impact_says_who_is_late_by_how_many_days(self):
        expedite = self._simulate()
        rows = {row.order_id: row for row in expedite.impact_ids}
        late, soon = rows[self.late_order], rows[self.soon_order]
        self.assertEqual((late.delay_days, late.is_late, late.quantity), (0, False, 5))
        # Promised in 5 days, the receipt comes in 8
        self.assertEqual((soon.delay_days, soon.is_late, soon.quantity), (3, True, 1))
        self.assertEqual(soon.user_id, self.other_salesperson)
        self.assertEqual(soon.partner_id, self.customer)
        self.assertEqual(soon.amount, self.soon_order.amount_total)
        self.assertEqual(expedite.delay_days, 3)
        self.assertEqual(expedite.late_count, 1)

    def test_recommended_way_is_marked_with_its_reason(self):
        in_time = self._simulate(scenario=None)
        self.assertEqual([s["code"] for s in in_time.scenarios if s["recommended"]], ["take"])
        self.assertEqual(in_time.scenario, "take")
        self.assertIn("Recommended", self._scenario(in_time, "take")["why"])
        in_time.action_cancel()
        # Needed after the receipt: nobody has to be harmed
        patient = self._simulate(scenario=None, needed_by=self._days(9))
        self.assertEqual([s["code"] for s in patient.scenarios if s["recommended"]], ["wait"])
        self.assertEqual(patient.harmed_count, 0)

    def test_free_goods_first_and_split_delivery(self):
        self._stock(self.product, 2)
        expedite = self._simulate()
        self.assertEqual(sum(t[-1] for t in self._scenario(expedite, "take")["takes"]), 4)
        split = self._scenario(expedite, "split")
        self.assertEqual(split["now_percent"], 33)
        self.assertEqual(split["harmed"], 0)
        self.assertEqual(split["completion"][:10], str(self._days(8))[:10])

    def test_who_waits_for_the_same_receipt_waits_longer(self):
        """Ten come in 8 days and six in 15: the urgent order goes before who waited first."""
        waiting = self._create_confirmed(6, 9, user=self.other_salesperson)
        waiting.sudo().order_line.move_ids.date = self._days(1)
        self._create_receipt(self.product, 6, 15)
        expedite = self._simulate(scenario="wait")
        self.assertEqual(expedite.impact_ids.order_id, waiting)
        self.assertEqual(expedite.impact_ids.quantity, 0)
        self.assertEqual(expedite.impact_ids.delay_days, 6)

    def test_writes_nothing_but_its_own_rows(self):
        expedite = self._create_expedite()
        self.env.flush_all()
        tables = ("stock_move", "stock_move_line", "stock_quant", "stock_picking", "sale_order")
        before = [self._dump(table) for table in tables]
        expedite.action_simulate()
        self.env.flush_all()
        self.assertEqual([self._dump(table) for table in tables], before)

    def _dump(self, table):
        self.env.cr.execute(f"SELECT t::text FROM {table} AS t ORDER BY id")
        return self.env.cr.fetchall()

    def test_urgent_orders_keep_what_they_have(self):
        as_process(self.late_order.sudo()).priority = "1"
        expedite = self._simulate()
        self.assertNotIn(self.late_order, expedite.impact_ids.filtered("quantity").order_id)

    def test_goods_of_another_owner_company_or_warehouse_are_left_out(self):
        self._unreserve(self.late_order)
        self.env["stock.quant"]._update_available_quantity(self.product, self.stock_location, -5)
        owner = self.env["res.partner"].create({"name": "Consignor"})
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock_location, 5, owner_id=owner
        )
        self.late_order.sudo().picking_ids.action_assign()
        self.assertEqual(self._reserved(self.late_order), 5)
        other = self.env["stock.warehouse"].create({"name": "Elsewhere", "code": "ELSE"})
        self.env["stock.quant"]._update_available_quantity(self.product, other.lot_stock_id, 50)
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.product, foreign.lot_stock_id, 50)
        expedite = self._simulate()
        taken = self._scenario(expedite, "take")["takes"]
        self.assertEqual([t[-1] for t in taken], [5])
        self.assertEqual(taken[0][0], self.soon_order.sudo().order_line.move_ids.id)

    def _unreserve(self, order):
        order.sudo().picking_ids.do_unreserve()

    def test_what_is_packed_or_picked_or_printed_is_left_out(self):
        self.late_order.sudo().picking_ids.move_ids.picked = True
        self.soon_order.sudo().picking_ids.printed = True
        expedite = self._create_expedite()
        expedite.action_simulate()
        self.assertFalse(self._scenario(expedite, "take"))
        self.soon_order.sudo().picking_ids.printed = False
        package = self.env["stock.package"].create({"name": "BOX"})
        self.soon_order.sudo().picking_ids.move_line_ids.result_package_id = package
        expedite.action_simulate()
        self.assertFalse(self._scenario(expedite, "take"))

    def test_whole_dozens_only(self):
        self._propagate_units()
        dozen = self.env.ref("uom.product_uom_dozen")
        product = self._create_product("Screw", 20)
        self._create_confirmed(20, 20, product=product)
        order = self._create_order(lines=[(product, 3)])
        order.order_line.product_uom_id = dozen
        order.sudo().action_confirm()
        expedite = self._simulate(order)
        self.assertEqual(sum(t[-1] for t in self._scenario(expedite, "take")["takes"]), 12)

    def test_order_that_waits_for_nothing(self):
        order = self._create_order(lines=[(self.service, 1)])
        order.sudo().action_confirm()
        with self.assertRaisesRegex(UserError, "takes nothing from stock"):
            self._create_expedite(order).action_simulate()

    def test_nobody_supplies(self):
        """No receipt and no vendor: the harmed order has no date any more, which is said."""
        self.receipt._action_cancel()
        expedite = self._simulate()
        self.assertEqual(set(expedite.impact_ids.mapped("date_after")), {False})
        self.assertEqual(set(expedite.impact_ids.mapped("effect")), {"No receipt planned"})
        self.assertIn("no receipt is", self._scenario(expedite, "take")["why"])

    def test_constant_queries(self):
        """Ten times the waiting orders cost not a query more."""
        expedite = self._create_expedite()
        expedite.action_simulate()
        counts = []
        for more in (1, 10):
            for _ in range(more):
                self._create_confirmed(1, 30)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            expedite.action_simulate()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[1], 40)
