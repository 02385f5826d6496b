from odoo.fields import Command
from odoo.tests import tagged

from .common import FactsCommon


@tagged("post_install", "-at_install")
class TestCarrier(FactsCommon):
    """Can it be brought there?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.carrier"].search([]).active = False
        cls.belgium, cls.france = cls.env.ref("base.be"), cls.env.ref("base.fr")
        cls.customer.write({"country_id": cls.belgium.id, "zip": "1000"})

    def _create_carrier(self, name="Van", **vals):
        product = self.env["product.product"].create(
            {"name": name, "type": "service", "company_id": vals.pop("company_id", False)}
        )
        return self.env["delivery.carrier"].create({"name": name, "product_id": product.id, **vals})

    def _carrier_fact(self, carrier=None, **vals):
        order = self._create_order(**vals)
        order.sudo().carrier_id = carrier
        return self._fact("carrier_available", order)

    def test_none_is_set_up(self):
        fact = self._carrier_fact()
        self.assertEqual(fact.result, "unknown")
        self.assertIn("Inventory, Configuration", fact.evidence)

    def test_none_is_chosen(self):
        self._create_carrier("Ship", country_ids=self.france.ids)
        fact = self._carrier_fact()
        self.assertEqual(fact.result, "fail")
        self.assertIn("None of the delivery methods serves Careful Customer", fact.evidence)
        van = self._create_carrier(country_ids=(self.belgium | self.france).ids)
        fact = self._carrier_fact()
        self.assertEqual((fact.result, fact.figures), ("pass", {"carriers": van.ids}))
        self.assertIn("is served by Van", fact.evidence)

    def test_nothing_to_bring(self):
        fact = self._carrier_fact(lines=[(self.service, 1)])
        self.assertEqual(fact.result, "pass")

    def test_pickup(self):
        order = self._create_order()
        order.sudo().pickup_location_data = {"name": "Corner shop"}
        fact = self._fact("carrier_available", order)
        self.assertEqual((fact.result, fact.evidence), ("pass", "The customer collects the goods."))

    def test_chosen_carrier_and_address(self):
        van = self._create_carrier()
        self.assertEqual(self._carrier_fact(van).result, "pass")
        van.country_ids = self.france
        fact = self._carrier_fact(van)
        self.assertEqual(fact.result, "fail")
        self.assertEqual(fact.evidence, "Van to Careful Customer: does not serve this address.")
        van.country_ids = self.belgium
        van.zip_prefix_ids = [Command.create({"name": "20"})]
        self.assertEqual(self._carrier_fact(van).result, "fail")
        van.zip_prefix_ids = [Command.create({"name": "10"})]
        self.assertEqual(self._carrier_fact(van).result, "pass")

    def test_weight_and_volume(self):
        self.product.write({"weight": 6.0, "volume": 2.0})
        van = self._create_carrier(max_weight=12, max_volume=4)
        self.assertEqual(self._carrier_fact(van).result, "pass")
        fact = self._carrier_fact(van, lines=[(self.product, 3)])
        self.assertEqual(fact.result, "fail")
        self.assertIn("Van to Careful Customer: takes 12 kg at most.", fact.evidence)
        van.max_weight = 0
        self.assertIn("takes 4 m", self._carrier_fact(van, lines=[(self.product, 3)]).evidence)

    def test_weight_in_other_units(self):
        self.product.weight = 1.0
        van = self._create_carrier(max_weight=20)
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {
            "product_id": self.product.id,
            "product_uom_id": dozen.id,
            "product_uom_qty": 2,
        }
        fact = self._carrier_fact(van, order_line=[Command.create(line)])
        self.assertEqual(fact.result, "fail")

    def test_product_tags(self):
        cold = self.env["product.tag"].create({"name": "Cold"})
        van = self._create_carrier(must_have_tag_ids=cold.ids)
        self.assertIn("does not take these products", self._carrier_fact(van).evidence)
        self.product.product_tag_ids = cold
        self.assertEqual(self._carrier_fact(van).result, "pass")
        van.write({"must_have_tag_ids": [Command.clear()], "excluded_tag_ids": cold.ids})
        self.assertIn("excludes one of these products", self._carrier_fact(van).evidence)

    def test_price_rules(self):
        van = self._create_carrier(
            delivery_type="base_on_rule",
            price_rule_ids=[
                Command.create(
                    {
                        "variable": "price",
                        "operator": "<=",
                        "max_value": 230,
                        "list_base_price": 5,
                    }
                )
            ],
        )
        order = {"lines": [(self.product, 3)]}
        self.assertEqual(self._carrier_fact(van).result, "pass")
        self.assertIn("no price rule for this order", self._carrier_fact(van, **order).evidence)
        self.assertEqual(self._carrier_fact(**order).result, "fail")
        self.assertEqual(self._carrier_fact().result, "pass")

    def test_archived(self):
        van = self._create_carrier(active=False)
        fact = self._carrier_fact(van)
        self.assertEqual(fact.result, "warn")

    def test_another_companys_carrier_is_none(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._create_carrier(company_id=company.id)
        self.assertEqual(self._carrier_fact().result, "unknown")
        self._create_carrier("Own", company_id=self.company.id)
        self.assertIn("served by Own.", self._carrier_fact().evidence)
