from odoo.fields import Command
from odoo.tests import tagged

from .commerce import CommerceCommon

CODES = {
    "credit_exposure": 0,
    "overdue_invoices": 0,
    "pricelist_price": 0,
    "margin": 10,
    "discount": 5,
    "gift_lines": 0,
    "identity_verified": 365,
    "duplicate_order": 10,
    "split_orders": 1000,
    "payment_terms": 0,
    "prepayment": 0,
}


@tagged("post_install", "-at_install")
class TestCommerceNumbers(CommerceCommon):
    """The commercial checks of one order, and that many orders take no more queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.criteria = cls.env["order.review.criterion"].concat(
            *(cls._add(code, threshold) for code, threshold in CODES.items())
        )
        cls.terms = cls.env["account.payment.term"].create([{"name": "A"}, {"name": "B"}])
        pricelists = cls.env["product.pricelist"].create(
            [{"name": "One", "currency_id": cls.currency.id}, {"name": "Two"}]
        )
        cls.pricelists = pricelists | cls.foreign_pricelist
        cls.env["product.pricelist.item"].create(
            [
                {
                    "pricelist_id": pricelist.id,
                    "compute_price": "formula",
                    "price_discount": 10,
                    "min_quantity": 2,
                }
                for pricelist in cls.pricelists
            ]
        )

    def _create_orders(self, count):
        """Create orders that differ in customer, products, pricelist, currency and day."""
        company = self.env["res.partner"].create({"name": "Firm"})
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "parent_id": company.id if number % 5 == 0 else False,
                    "property_payment_term_id": self.terms[0].id,
                }
                for number in range(count)
            ]
        )
        products = self.env["product.product"].create(
            [
                {"name": f"Product {number}", "standard_price": 5, "list_price": 20 + number}
                for number in range(count)
            ]
        )
        orders = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "medium_id": self.channel.id,
                        "pricelist_id": self.pricelists[number % 3].id,
                        "payment_term_id": self.terms[number % 2].id,
                        "require_payment": True,
                        "prepayment_percent": 0.5,
                        "order_line": [
                            Command.create(
                                {"product_id": product.id, "product_uom_qty": 1 + number % 3}
                            ),
                            Command.create({"product_id": self.product.id}),
                        ],
                    }
                    for number, (partner, product) in enumerate(
                        zip(partners, products, strict=True)
                    )
                ]
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = date_order - make_interval(days => id %% 30),"
            " create_date = create_date - make_interval(days => id %% 30) WHERE id IN %s",
            [orders._ids],
        )
        return orders

    def _count(self, orders):
        values = [criterion._prepare_copy() for criterion in self.criteria]
        self.env.flush_all()
        self.env.invalidate_all()
        criteria = self.env["order.review.criterion"].with_user(self.salesperson).sudo()
        # As in a request: who asks is known already
        criteria = criteria.with_context(lang="en_US", tz="UTC")._browse_configured(values)
        before = self.env.cr.sql_log_count
        facts = criteria._run_checks(orders.sudo())
        count = self.env.cr.sql_log_count - before
        for criterion in self.criteria:
            results = {facts[criterion.id][order.id].result for order in orders}
            self.assertNotIn("unknown", results, criterion.check_code)
        return count - 2  # the savepoint around all checks

    def test_one_order(self):
        orders = self._create_orders(6)
        self._count(orders)  # warm
        self.assertLessEqual(max(self._count(order) for order in orders), 12)

    def test_many_orders(self):
        few, many = self._create_orders(12), self._create_orders(40)
        self._count(few)  # warm
        counts = [self._count(few), self._count(many)]
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 28)
