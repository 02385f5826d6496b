from odoo.fields import Command
from odoo.tests import tagged

from .common import FactsCommon

CODES = [
    "stock_available",
    "feasible_date",
    "data_complete",
    "carrier_available",
    "oral_record",
    "promised_date",
    "customer_remark",
]
AT_MOST_FOR_ONE = 13
AT_MOST_FOR_MANY = 30


@tagged("post_install", "-at_install")
class TestQueries(FactsCommon):
    """The number of queries does not depend on the number of orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.criteria = cls.env["order.review.criterion"].union(*map(cls._criterion, CODES))
        cls.goods = cls.env["product.product"].union(
            *(cls._create_goods(f"Goods {number}") for number in range(8))
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "country_id": cls.env.ref("base.be").id}
                for number in range(4)
            ]
        )
        for product in cls.goods[::2]:
            cls._stock(product, 5)

    def _create_orders(self, count):
        # As they come: all goods and customers by turns, what is promised on different days
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                [
                    {
                        "partner_id": self.customers[number % 4].id,
                        "medium_id": self.channel.id,
                        "commitment_date": self._days(5 + number % 7),
                        "order_line": [
                            Command.create({"product_id": self.goods[(number + line) % 8].id})
                            for line in range(3)
                        ],
                    }
                    for number in range(count)
                ]
            )
        )

    def _count(self, orders):
        criteria = self.criteria.with_user(self.salesperson).sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        criteria.mapped("check_code")
        start = self.cr.sql_log_count
        found = criteria._run_checks(orders.with_env(criteria.env))
        queries = self.cr.sql_log_count - start
        for criterion in criteria:
            self.assertEqual(len(found[criterion.id]), len(orders), criterion.name)
            for fact in found[criterion.id].values():
                self.assertNotIn("Could not be checked", fact.evidence)
        return queries

    def test_one(self):
        orders = self._create_orders(2)
        self._count(orders[0])  # what Odoo keeps between requests
        # Where there are bills of materials they are looked for
        limit = AT_MOST_FOR_ONE + ("mrp.bom" in self.env)
        self.assertLessEqual(self._count(orders[1]), limit)

    def test_many(self):
        few, many = self._create_orders(20), self._create_orders(60)
        self._count(few)
        queries = self._count(few)
        self.assertLessEqual(queries, AT_MOST_FOR_MANY)
        self.assertEqual(self._count(many), queries)

    def test_many_in_review(self):
        """Orders that compete are read along with the others."""
        first = self._create_orders(10)
        first.action_request_review()
        orders = self._create_orders(10)
        self._count(orders[0])
        self.assertEqual(self._count(orders[1]), self._count(orders))

    def test_many_with_carriers(self):
        carrier = self.env["delivery.carrier"].search([], limit=1)
        carrier.max_weight = 500
        orders = self._create_orders(20)
        orders.sudo().carrier_id = carrier
        self._count(orders)
        few = self._count(orders[:5])
        self.assertLessEqual(few, AT_MOST_FOR_MANY)
        self.assertEqual(self._count(orders), few)
