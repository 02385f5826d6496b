import json
from datetime import datetime, time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import FactsCommon


@tagged("post_install", "-at_install")
class TestStock(FactsCommon):
    """Are the goods there by the promised date?"""

    def _stock_fact(self, order, threshold=0.0, user=None):
        return self._fact("stock_available", order, threshold, user)

    # === WHAT IS THERE ===#

    def test_in_stock(self):
        self._stock(self.product, 5)
        fact = self._stock_fact(self._create_order())
        self.assertEqual(fact.result, "pass")
        self.assertIn("Desk: needs 2 Units, forecast 5. By ", fact.evidence)
        self.assertEqual(
            fact.figures["products"],
            [
                {
                    "product_id": self.product.id,
                    "need": 2.0,
                    "forecast": 5.0,
                    "before": 0,
                    "result": "pass",
                }
            ],
        )
        json.dumps([fact.figures, [source._asdict() for source in fact.sources]])

    def test_sources_open_the_records_behind_the_figures(self):
        self._stock(self.product, 5)
        move = self._plan(self.product, 3, self._days(2))
        fact = self._stock_fact(self._create_order())
        found = {
            source.model: self.env[source.model].search(source.domain) for source in fact.sources
        }
        self.assertEqual(found["stock.quant"].mapped("quantity"), [5])
        self.assertEqual(found["stock.move"], move)
        self.assertFalse(found["purchase.order.line"])

    def test_goods_have_to_be_there_before_the_promised_day(self):
        self._plan(self.product, 2, self._days(9))
        order = self._create_order()
        self.assertEqual(self._stock_fact(order).result, "pass")
        fact = self._stock_fact(order, threshold=3)
        self.assertEqual(fact.result, "fail")
        self.assertIn("promised for", fact.evidence)
        self.company.security_lead = 2
        self.assertEqual(self._stock_fact(order).result, "fail")

    def test_what_later_deliveries_take_is_a_warning(self):
        self._stock(self.product, 2)
        later = self._plan(self.product, -1, self._days(30))
        fact = self._stock_fact(self._create_order())
        self.assertEqual(fact.result, "warn")
        self.assertIn("which later deliveries are planned to take", fact.evidence)
        later.date = self._days(5)
        self.assertEqual(self._stock_fact(self._create_order()).result, "fail")

    def test_a_day_begins_where_its_reader_is(self):
        """A receipt in the evening in UTC is one of the next day in Tokyo."""
        day = self._days(5).date()
        order = self._create_order(commitment_date=datetime.combine(day, time(10)))
        self._plan(self.product, 2, datetime.combine(day, time(16)))
        self.assertEqual(self._stock_fact(order).result, "pass")
        self.env = self.env(context=dict(self.env.context, tz="Asia/Tokyo"))
        self.assertEqual(self._stock_fact(order).result, "fail")

    def test_the_salespersons_own_zone_without_a_client(self):
        day = self._days(5).date()
        order = self._create_order(commitment_date=datetime.combine(day, time(10)))
        self._plan(self.product, 2, datetime.combine(day, time(16)))
        context = {name: value for name, value in self.env.context.items() if name != "tz"}
        self.env = self.env(context=context)
        self.salesperson.tz = "Asia/Tokyo"
        self.assertEqual(self._stock_fact(order).result, "fail")
        self.salesperson.tz = "Europe/Brussels"
        self.assertEqual(self._stock_fact(order).result, "pass")

    def test_only_a_few_offenders_are_named(self):
        products = [self._create_goods(f"Part {number}") for number in range(5)]
        fact = self._stock_fact(self._create_order(lines=[(product, 1) for product in products]))
        self.assertEqual(fact.evidence.count("needs 1 Units"), 3)
        self.assertIn("and 2 more. By ", fact.evidence)
        self.assertEqual(len(fact.figures["products"]), 5)

    def test_offenders_are_named_first(self):
        self._stock(self.product, 5)
        chair = self._create_goods("Chair")
        fact = self._stock_fact(self._create_order(lines=[(self.product, 1), (chair, 1)]))
        self.assertTrue(fact.evidence.startswith("Chair: needs 1 Units, forecast 0. By"))

    def test_services_and_untracked_goods_need_no_stock(self):
        paper = self._create_goods("Paper", is_storable=False)
        order = self._create_order(lines=[(self.service, 1), (paper, 5)])
        self.assertEqual(self._stock_fact(order).result, "pass")

    # === UNITS AND WAREHOUSES ===#

    def test_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._stock(self.product, 23)
        line = {"product_id": self.product.id, "product_uom_id": dozen.id}
        order = self._create_order(order_line=[Command.create({**line, "product_uom_qty": 1})])
        self.assertEqual(self._stock_fact(order).result, "pass")
        order.order_line.product_uom_qty = 2
        fact = self._stock_fact(order)
        self.assertEqual(fact.result, "fail")
        self.assertIn("needs 24 Units, forecast 23", fact.evidence)

    def test_stock_of_another_warehouse_is_told_but_does_not_count(self):
        other = self._create_warehouse("OWH")
        self._stock_in(other, self.product, 7)
        order = self._create_order()
        fact = self._stock_fact(order)
        self.assertEqual(fact.result, "fail")
        self.assertIn("forecast 0, 7 free in other warehouses", fact.evidence)
        order.sudo().warehouse_id = other
        self.assertEqual(self._stock_fact(order).result, "pass")

    def test_what_another_warehouse_has_reserved_is_not_free(self):
        other = self._create_warehouse("OWH")
        self._stock_in(other, self.product, 7)
        move = self._plan(self.product, -7, self._days(3), other)
        move._action_assign()
        self.assertEqual(move.state, "assigned")
        self.assertNotIn("free in other", self._stock_fact(self._create_order()).evidence)

    def test_a_transfer_between_warehouses_counts_on_both_sides(self):
        other = self._create_warehouse("OWH")
        self._stock_in(other, self.product, 2)
        order, elsewhere = self._create_order(), self._create_order()
        elsewhere.sudo().warehouse_id = other
        move = self._plan(self.product, -2, self._days(3), other)
        move.location_dest_id = self.warehouse.lot_stock_id
        self.assertEqual(self._stock_fact(order).result, "pass")
        self.assertEqual(self._stock_fact(elsewhere).result, "fail")

    def test_other_companies_have_stock_of_their_own(self):
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        self._stock_in(warehouse, self.product, 7)
        fact = self._stock_fact(self._create_order())
        self.assertEqual(fact.result, "fail")
        self.assertNotIn("other warehouses", fact.evidence)
        self.salesperson.sudo().company_ids |= company
        theirs = self._create_order(company_id=company.id, warehouse_id=warehouse.id)
        facts = self._facts("stock_available", theirs | self._create_order())
        self.assertEqual([fact.result for fact in facts.values()], ["pass", "fail"])

    def test_what_is_supplied_for_each_order_is_not_taken_from_stock(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.product.route_ids = route
        self._stock(self.product, 5)
        fact = self._stock_fact(self._create_order())
        self.assertEqual(fact.result, "warn")
        self.assertIn("Desk: supplied for this order, not from stock", fact.evidence)

    # === WHO ELSE WANTS THEM ===#

    def test_orders_submitted_before_come_first(self):
        self._stock(self.product, 3)
        self._criterion("promised_date")
        first, second = self._create_order(), self._create_order()
        self.assertEqual(self._stock_fact(second).result, "pass")
        first.action_request_review()
        fact = self._stock_fact(second)
        self.assertEqual(fact.result, "fail")
        self.assertIn(
            f"needs 2 Units, forecast 1 (2 promised before to {first.name})", fact.evidence
        )
        source = fact.sources[-1]
        self.assertEqual(self.env[source.model].search(source.domain), first)
        # The first one is not disturbed by who comes later
        second.action_request_review()
        self.assertEqual(self._stock_fact(first).result, "pass")
        self._approve(first, "Facts", self.finance_user)
        self.assertEqual(first.review_state, "approved")
        self.assertEqual(self._stock_fact(second).result, "fail")
        first.sudo().action_cancel()
        self.assertEqual(self._stock_fact(second).result, "pass")

    def test_what_is_wanted_later_does_not_compete(self):
        self._stock(self.product, 3)
        first = self._create_order(commitment_date=self._days(40))
        first.action_request_review()
        fact = self._stock_fact(self._create_order())
        self.assertEqual(fact.result, "warn")

    def test_orders_submitted_together_come_in_turn(self):
        self._stock(self.product, 5)
        orders = self.env["sale.order"].union(*(self._create_order() for _ in range(3)))
        results = [fact.result for fact in self._facts("stock_available", orders).values()]
        self.assertEqual(results, ["pass", "pass", "fail"])

    def test_another_companys_orders_do_not_compete(self):
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        self.salesperson.sudo().company_ids |= company
        theirs = self._create_order(company_id=company.id, warehouse_id=warehouse.id)
        self.step.copy({"company_id": company.id, "name": "Theirs"})
        theirs.with_company(company).action_request_review()
        self.assertEqual(theirs.review_state, "in_review")
        self._stock(self.product, 2)
        self.assertEqual(self._stock_fact(self._create_order()).result, "pass")

    def test_own_deliveries_are_not_needed_twice(self):
        """What a confirmed order has reserved is no shortage of its own."""
        self.step.action_archive()
        self._stock(self.product, 2)
        order = self._create_order()
        order.action_confirm()
        self.assertEqual(order.picking_ids.state, "assigned")
        self.step.action_unarchive()
        self.assertEqual(self._stock_fact(order).result, "pass")
        self.assertEqual(self._stock_fact(self._create_order()).result, "fail")
        order.picking_ids.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertIn("No goods from stock", self._stock_fact(order).evidence)

    def test_downpayments_and_discounts_are_no_goods(self):
        self._stock(self.product, 2)
        order = self._create_order()
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "More"}),
        ]
        self.assertEqual(self._stock_fact(order).result, "pass")

    def test_undated_orders_count_all_that_is_planned(self):
        self._plan(self.product, 2, fields.Datetime.now().replace(year=2099))
        fact = self._stock_fact(self._create_order(commitment_date=False))
        self.assertEqual(fact.result, "warn")
        self.assertIn("No promised date", fact.evidence)
