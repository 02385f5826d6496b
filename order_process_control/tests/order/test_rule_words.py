from odoo.fields import Domain
from odoo.tests import tagged

from ...models.order.rule_words import describe_rule, split_rule
from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestRuleWords(OrderProcessCommon):
    """Rules as a person would say them."""

    def _say(self, rule, **kwargs):
        return describe_rule(self.env, Domain(rule), **kwargs)

    def test_comparisons(self):
        partner = self.customer
        for rule, words in (
            ([], "always"),
            ([(1, "=", 1)], "always"),
            ([(0, "=", 1)], "never"),
            ([("amount_untaxed", ">=", 50000)], "Untaxed Amount is at least 50,000"),
            ([("amount_untaxed", "<", 0.5)], "Untaxed Amount is less than 0.50"),
            ([("is_important", "=", True)], "Important Order is ticked"),
            ([("is_important", "!=", True)], "Important Order is not ticked"),
            ([("is_important", "in", [False])], "Important Order is not ticked"),
            ([("priority", "=", "1")], "Priority is Urgent"),
            ([("priority", "in", ["0", "1"])], "Priority is one of Normal, Urgent"),
            ([("priority", "not in", ["1"])], "Priority is not Urgent"),
            ([("partner_id", "=", partner.id)], "Customer is Careful Customer"),
            ([("partner_id", "in", [2**30])], "Customer is a deleted record"),
            (
                [("partner_id", "child_of", partner.ids)],
                "Customer is Careful Customer or belongs to it",
            ),
            ([("partner_id", "ilike", "care")], "Customer contains “care”"),
            ([("partner_id", "=", False)], "Customer is not set"),
            ([("partner_id", "!=", False)], "Customer is set"),
            ([("medium_id", "in", [False, self.channel.id])], "Medium is Test channel or not set"),
            (
                [("partner_id.country_id.code", "=", "DE")],
                "Customer › Country › Country Code is DE",
            ),
            ([("client_order_ref", "not ilike", "x")], "Customer Reference does not contain “x”"),
            ([("commitment_date", "<", "2024-05-08")], "Delivery Date is before 05/08/2024"),
            ([("commitment_date", ">=", "today +7d")], "Delivery Date is on or after today +7d"),
            (
                [("order_line", "any", [("discount", ">", 10)])],
                "Order Lines: one with Discount (%) is more than 10",
            ),
            (
                [("order_line", "not any", [("discount", ">", 10)])],
                "Order Lines: none with Discount (%) is more than 10",
            ),
        ):
            with self.subTest(rule=rule):
                self.assertEqual(self._say(rule), words)

    def test_and_or_not(self):
        important, urgent = ("is_important", "=", True), ("priority", "=", "1")
        large = ("amount_untaxed", ">=", 50000)
        self.assertEqual(
            self._say(["|", important, large, urgent]),
            "(Important Order is ticked or Untaxed Amount is at least 50,000)"
            " and Priority is Urgent",
        )
        self.assertEqual(
            self._say(["|", "|", important, large, urgent]),
            "Important Order is ticked or Untaxed Amount is at least 50,000 or Priority is Urgent",
        )
        self.assertEqual(self._say(["!", "&", important, large]).count("Important Order"), 1)

    def test_amounts_have_their_currency(self):
        words = self._say([("amount_total", ">", 9)], currency=self.env.ref("base.EUR"))
        self.assertIn("€", words)

    def test_what_cannot_be_said_is_shown_as_it_is(self):
        self.assertEqual(self._say([("gone_field", "=", 5)]), "gone_field is 5")
        self.assertEqual(
            self._say([("commitment_date", "<", "soon")]), "Delivery Date is before soon"
        )
        self.assertEqual(
            self._say([("date_order.month_number", "=", 12)]), "Order Date › month_number is 12"
        )

    def test_alternatives(self):
        a, b, c = ("priority", "=", "1"), ("is_important", "=", True), ("amount_total", ">", 1)
        self.assertEqual(split_rule(Domain([a, b])), [Domain([a, b])])
        self.assertEqual(
            split_rule(Domain(["|", "|", a, "&", b, c, c])),
            [Domain([a]), Domain(["&", b, c]), Domain([c])],
        )
        for rule in ([a], ["|", a, b], ["!", "|", a, b], ["|", a, "!", "&", b, c]):
            whole = Domain.OR(split_rule(Domain(rule)))
            orders = self.env["sale.order"].search([])
            self.assertEqual(orders.filtered(whole), orders.filtered(Domain(rule)))

    def test_other_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        words = describe_rule(
            self.env(context={"lang": "de_DE"}), Domain([("amount_untaxed", ">=", 50000.5)])
        )
        self.assertIn("50.000,50", words)
