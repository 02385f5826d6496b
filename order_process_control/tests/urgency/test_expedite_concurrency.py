from datetime import timedelta
from unittest.mock import patch

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.order.process_token import as_process
from ..review.parallel import ParallelCase


@tagged("post_install", "-at_install")
class TestExpediteConcurrency(ParallelCase):
    """Two expedites and the warehouse at the same goods, in real transactions."""

    step_ids, user_ids = (), ()

    def _set_up(self, env):
        """Ten pieces reserved for two orders; two more orders that want six of them each."""
        warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        product = env["product.product"].create(
            {"name": "Contested", "type": "consu", "is_storable": True}
        )
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
        self.product_id = product.id
        self.partner_id = env["res.partner"].create({"name": "In a hurry"}).id
        harmed = [self._create_confirmed(env, product, 5, days) for days in (20, 25)]
        urgent = [self._create_confirmed(env, product, 6, 10) for _ in range(2)]
        self.harmed_ids = [order.id for order in harmed]
        self.urgent_ids = [order.id for order in urgent]
        self.expedite_ids = [self._create_approved(env, order).id for order in urgent]

    def _create_confirmed(self, env, product, quantity, days):
        order = self._create_orders(
            env,
            partner_id=self.partner_id,
            commitment_date=fields.Datetime.now() + timedelta(days=days),
            order_line=[(0, 0, {"product_id": product.id, "product_uom_qty": quantity})],
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        return order

    def _create_approved(self, env, order):
        expedite = env["order.expedite"].create(
            {"order_id": order.id, "reason": "At once", "needed_by": fields.Datetime.now()}
        )
        expedite.action_simulate()
        expedite.action_choose_scenario("take")
        as_process(expedite).write({"state": "approved", "requested_by": env.uid})
        return expedite

    def _clean_up(self, env):
        env["mail.activity"].search(
            [("res_model", "in", ("order.expedite", "sale.order"))]
        ).filtered(lambda a: a.res_id in self.expedite_ids or a.res_id in self.order_ids).unlink()
        for table in ("order_expedite_impact", "order_expedite"):
            column = "expedite_id" if table.endswith("impact") else "id"
            env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s IN %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    tuple(self.expedite_ids),
                )
            )
        env.invalidate_all()
        done = env["stock.picking"].search(
            [("sale_id", "in", self.order_ids), ("state", "=", "done")]
        )
        if done:
            # What has left stays where it is: the order is only taken off
            done.move_ids.sale_line_id = False
            done.write({"sale_id": False, "reference_ids": [(5,)]})
        env["stock.reference"].search([("sale_ids", "in", self.order_ids)]).write(
            {"sale_ids": [(5,)]}
        )
        env["product.product"].browse(self.product_id).action_archive()
        return super()._clean_up(env)

    def _apply(self, position):
        return lambda env: env["order.expedite"].browse(self.expedite_ids[position]).action_apply()

    def _validate(self, env):
        picking = env["sale.order"].browse(self.harmed_ids[1]).picking_ids
        picking.move_ids.picked = True
        return picking.button_validate()

    def _reserved(self, env, order_ids):
        lines = env["sale.order"].browse(order_ids).order_line.move_ids.move_line_ids
        return sum(lines.filtered(lambda line: line.state != "done").mapped("quantity_product_uom"))

    def _check_sums(self, env):
        quants = env["stock.quant"].search(
            [("product_id", "=", self.product_id), ("location_id.usage", "=", "internal")]
        )
        held = self._reserved(env, self.order_ids)
        self.assertAlmostEqual(sum(quants.mapped("reserved_quantity")), held)
        self.assertLessEqual(held, sum(quants.mapped("quantity")))
        return held

    def test_two_expedites_never_both_get_it(self):
        root = 1
        results = self._run_together((root, self._apply(0)), (root, self._apply(1)))

        def check(env):
            states = env["order.expedite"].browse(self.expedite_ids).mapped("state")
            self.assertEqual(sorted(states), ["applied", "approved"], results)
            self.assertAlmostEqual(self._check_sums(env), 10)
            got = [self._reserved(env, [order_id]) for order_id in self.urgent_ids]
            self.assertEqual(sorted(got), [0, 6])

        self._as_root(check)
        errors = [result for result, _attempts in results if result is not True]
        self.assertEqual(len(errors), 1)
        self.assertIsInstance(errors[0], UserError)

    def test_while_the_warehouse_validates(self):
        """Whoever comes first: nothing is half done, and the loser is told in a sentence."""
        results = self._run_together((1, self._apply(0)), (1, self._validate))

        def check(env):
            expedite = env["order.expedite"].browse(self.expedite_ids[0])
            picking = env["stock.picking"].search(
                [("sale_id", "=", self.harmed_ids[1]), ("state", "=", "done")]
            )
            shipped = sum(picking.move_ids.mapped("quantity"))
            self.assertAlmostEqual(self._check_sums(env) + shipped, 10)
            got = self._reserved(env, self.urgent_ids[:1])
            if expedite.state == "applied":
                self.assertEqual(got, 6)
            else:
                self.assertEqual((got, shipped), (0, 5))
                self.assertIsInstance(results[0][0], UserError)

        self._as_root(check)

    def test_fails_with_a_sentence_while_the_warehouse_holds_the_goods(self):
        """The warehouse has written and not committed yet: no waiting, no partial effect."""
        with self.registry.cursor() as other:
            other.execute(
                "SELECT move.id FROM stock_move AS move JOIN sale_order_line AS line"
                " ON line.id = move.sale_line_id WHERE line.order_id = %s FOR UPDATE OF move",
                [self.harmed_ids[1]],
            )
            with self.registry.cursor() as cr:
                env = api.Environment(cr, 1, {})
                with self.assertRaisesRegex(UserError, "at this moment"):
                    self._apply(0)(env)
                cr.rollback()
            other.rollback()
        self._as_root(lambda env: self.assertEqual(self._reserved(env, self.harmed_ids), 10))

    def test_error_on_the_way_leaves_nothing(self):
        """Whatever raises after goods were taken away takes it all back."""

        def attempt(env):
            model = type(env["order.expedite"])
            with patch.object(model, "_give_priority", side_effect=UserError("No")):
                self._apply(0)(env)

        # A request that raises is rolled back as this cursor is
        with self.assertRaises(UserError):
            self._as_root(attempt)
        self._as_root(lambda env: self.assertEqual(self._reserved(env, self.harmed_ids), 10))
        self._as_root(self._check_sums)
