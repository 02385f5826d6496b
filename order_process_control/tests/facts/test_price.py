from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestPrice(CommerceCommon):
    """Prices of lines against what the pricelist gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "Furniture"})
        cls.product.categ_id = cls.env["product.category"].create(
            {"name": "Desks", "parent_id": cls.category.id}
        )
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Ours"})

    def _add_rule(self, pricelist=None, **vals):
        return self.env["product.pricelist.item"].create(
            {"pricelist_id": (pricelist or self.pricelist).id, **vals}
        )

    def _create(self, price=None, quantity=2, discount=0, **vals):
        order = self._create_order(
            lines=[(self.product, quantity)], **{"pricelist_id": self.pricelist.id, **vals}
        )
        if price is not None:
            order.order_line.price_unit = price
        order.order_line.discount = discount
        return order

    def _judge(self, order, threshold=0.0):
        return self._fact("pricelist_price", order, threshold)

    def test_list_price_without_rules(self):
        self._assert_fact(self._judge(self._create()), "pass", "all 1")
        self._assert_fact(self._judge(self._create(pricelist_id=False)), "pass")
        self._assert_fact(
            self._judge(self._create(90)), "fail", "Desk 90.00 instead of 100.00 (−10 %)"
        )

    def test_above_is_a_warning_and_tolerance(self):
        self._assert_fact(self._judge(self._create(104)), "warn", "104.00", "(+4 %)")
        self._assert_fact(self._judge(self._create(104), 5), "pass", "within 5 %")
        self._assert_fact(self._judge(self._create(95), 5), "pass")
        self._assert_fact(self._judge(self._create(94.9), 5), "fail")

    def test_a_discount_lowers_the_price(self):
        self._assert_fact(self._judge(self._create(discount=10)), "fail", "90.00 instead of 100.00")
        # What the pricelist lets off is no reduction of its price
        self._add_rule(compute_price="percentage", percent_price=10)
        self._assert_fact(self._judge(self._create(100, discount=10)), "pass")
        self._assert_fact(self._judge(self._create(90)), "pass")

    def test_rules_as_odoo_applies_them(self):
        week = timedelta(days=7)
        now = fields.Datetime.now()
        self._add_rule(compute_price="fixed", fixed_price=95)
        self._add_rule(
            compute_price="fixed",
            fixed_price=80,
            min_quantity=10,
            applied_on="2_product_category",
            categ_id=self.category.id,
        )
        self._add_rule(
            compute_price="fixed",
            fixed_price=10,
            date_end=now - week,
            applied_on="1_product",
            product_tmpl_id=self.product.product_tmpl_id.id,
        )
        self._add_rule(
            compute_price="fixed",
            fixed_price=11,
            applied_on="0_product_variant",
            product_id=self.service.id,
        )
        orders = self.env["sale.order"].concat(
            self._create(quantity=9), self._create(quantity=10), self._create(10)
        )
        self.assertEqual(orders.order_line.mapped("price_unit"), [95, 80, 10])
        results = [fact.result for fact in self._run("pricelist_price", orders).values()]
        self.assertEqual(results, ["pass", "pass", "fail"])

    def test_pricelist_on_another_one_in_another_currency(self):
        base = self.foreign_pricelist
        self._add_rule(base, compute_price="fixed", fixed_price=360)
        self._add_rule(
            compute_price="formula", base="pricelist", base_pricelist_id=base.id, price_discount=10
        )
        order = self._create()
        self.assertEqual(order.order_line.price_unit, 81)
        self._assert_fact(self._judge(order), "pass")
        order.order_line.price_unit = 80
        self._assert_fact(self._judge(order), "fail", "80.00 instead of 81.00")

    def test_foreign_currency_and_unit(self):
        order = self._create(pricelist_id=self.foreign_pricelist.id)
        self.assertEqual(order.order_line.price_unit, 400)
        self._assert_fact(self._judge(order), "pass")
        dozen = self.env.ref("uom.product_uom_dozen")
        order.order_line.product_uom_id = dozen
        self.assertEqual(order.order_line.price_unit, 4800)
        self._assert_fact(self._judge(order), "pass")
        order.order_line.price_unit = 400
        self._assert_fact(self._judge(order), "fail", "400.00 instead of 4,800.00")

    def test_rates_of_another_day(self):
        yesterday = self.today - timedelta(days=1)
        self.foreign.rate_ids = [Command.create({"name": yesterday, "rate": 2.0})]
        old, new = (self._create(pricelist_id=self.foreign_pricelist.id) for _number in range(2))
        self._set_age(old, 1)
        old.order_line.price_unit = 200
        results = [fact.result for fact in self._run("pricelist_price", old | new).values()]
        self.assertEqual(results, ["fail", "pass"])  # the order keeps the rate it was made with

    def test_a_date_of_ones_own_choice_brings_no_price(self):
        self._add_rule(
            compute_price="fixed",
            fixed_price=10,
            date_end=fields.Datetime.now() - timedelta(days=9),
        )
        order = self._create()
        order.date_order -= timedelta(days=10)
        order.order_line.price_unit = 10
        self._assert_fact(self._judge(order), "fail", "10.00 instead of 100.00")
        self._set_age(order, 10)
        order.date_order += timedelta(days=10)  # really of that day
        self._assert_fact(self._judge(order), "pass")

    def test_flags_hide_no_line(self):
        for flag in ("is_delivery", "is_downpayment"):
            order = self._create(50)
            order.order_line[flag] = True
            self._assert_fact(self._judge(order), "fail")

    def test_what_shipping_costs_is_the_carriers(self):
        carrier = self.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": self.service.id, "fixed_price": 7}
        )
        order = self._create()
        order.sudo().set_delivery_line(carrier, 7)
        self.assertEqual(order.order_line[1].price_unit, 7)
        fact = self._judge(order)
        self._assert_fact(fact, "pass")
        self.assertEqual(fact.figures["lines"], 1)

    def test_attributes_with_a_price(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Varnish",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "None"}),
                    Command.create({"name": "Thick", "default_extra_price": 15}),
                ],
            }
        )
        template = self.product.product_tmpl_id.with_env(self.env)
        template.attribute_line_ids = [
            Command.create(
                {"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]}
            )
        ]
        thick = self.env["product.template.attribute.value"].search(
            [("product_tmpl_id", "=", template.id), ("price_extra", ">", 0)]
        )
        line = {
            "product_id": template.product_variant_id.id,
            "product_no_variant_attribute_value_ids": [Command.set(thick.ids)],
        }
        order = self._create_order(order_line=[Command.create(line)])
        self.assertEqual(order.order_line.price_unit, 115)
        self._assert_fact(self._judge(order), "pass")
        order.order_line.price_unit = 100
        self._assert_fact(self._judge(order), "fail", "instead of 115.00")

    def test_tax_included_price_of_a_foreign_customer(self):
        included, exempt = self.env["account.tax"].create(
            [
                {"name": "Included", "amount": 25, "price_include_override": "tax_included"},
                {"name": "None", "amount": 0},
            ]
        )
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Abroad",
                "tax_ids": [Command.set(exempt.ids)],
            }
        )
        exempt.original_tax_ids = included
        self.product.taxes_id = included
        order = self._create(fiscal_position_id=position.id)
        self.assertEqual(order.order_line.price_unit, 80)
        self._assert_fact(self._judge(order), "pass")
        home = self._create()
        self.assertEqual(home.order_line.price_unit, 100)
        self._assert_fact(self._judge(home), "pass")

    def test_at_most_three_are_named(self):
        order = self._create_order(lines=[(self.product, n) for n in range(1, 6)])
        order.order_line.price_unit = 50
        fact = self._judge(order)
        self._assert_fact(fact, "fail", "and 2 more")
        self.assertEqual(fact.figures["below"], 5)

    def test_a_check_that_raises_is_unknown(self):
        order = self._create()
        self.patch(self.registry["product.pricelist"], "_get_product_price", lambda *a, **k: 1 / 0)
        self._assert_fact(self._judge(order), "unknown", "Could not be checked")

    def test_the_book_answers_only_while_it_is_open(self):
        self._add_rule(compute_price="fixed", fixed_price=95)
        pricelist = self.pricelist.with_context(order_price_book={"rules": {}})
        self.assertEqual(pricelist._get_product_price(self.product, 1), 95)
