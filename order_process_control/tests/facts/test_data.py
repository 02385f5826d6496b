from odoo.tests import tagged

from .common import FactsCommon

ADDRESS = {
    "street": "1 Main Street",
    "city": "Brussels",
    "zip": "1000",
    "email": "careful@example.com",
}


@tagged("post_install", "-at_install")
class TestData(FactsCommon):
    """Do we know who the customer is and where the goods go?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.customer.write({**ADDRESS, "country_id": cls.belgium.id})

    def _data_fact(self, **vals):
        return self._fact("data_complete", self._create_order(**vals))

    def test_complete(self):
        fact = self._data_fact()
        self.assertEqual(fact.result, "pass")
        self.assertEqual(fact.evidence, "The data of Careful Customer are complete.")

    def test_what_is_missing_is_named(self):
        self.customer.write({"street": False, "zip": False, "country_id": False, "email": False})
        fact = self._data_fact()
        self.assertEqual(fact.result, "fail")
        self.assertEqual(
            fact.evidence,
            "Careful Customer: Street, Zip, Country, phone or e-mail missing.",
        )
        self.assertEqual(
            fact.figures["missing"],
            {str(self.customer.id): ["street", "zip", "country_id", "contact"]},
        )

    def test_countries_say_what_an_address_needs(self):
        self.customer.zip = False
        self.belgium.zip_required = False
        self.assertEqual(self._data_fact().result, "pass")
        self.belgium.state_required = True
        self.assertIn("State missing", self._data_fact().evidence)

    def test_delivery_address(self):
        address = self.env["res.partner"].create(
            {"name": "Yard", "parent_id": self.customer.id, "type": "delivery"}
        )
        self.assertEqual(self._data_fact().result, "fail")
        self.assertIn("Careful Customer, Yard: Street, City", self._data_fact().evidence)
        # Nothing is brought there
        self.assertEqual(self._data_fact(lines=[(self.service, 1)]).result, "pass")
        # A phone of the company is enough to reach the yard
        address.write({key: value for key, value in ADDRESS.items() if key != "email"})
        address.country_id = self.belgium
        self.assertEqual(self._data_fact().result, "pass")

    def test_tax_id_of_companies(self):
        self.customer.is_company = True
        fact = self._data_fact()
        self.assertEqual(fact.result, "warn")
        self.assertIn("the tax ID of the company is missing", fact.evidence)
        self.customer.vat = "BE0477472701"
        self.assertEqual(self._data_fact().result, "pass")

    def test_archived_contact(self):
        order = self._create_order()
        self.customer.active = False
        fact = self._fact("data_complete", order)
        self.assertEqual(fact.result, "warn")
        self.assertIn("Careful Customer is archived", fact.evidence)
