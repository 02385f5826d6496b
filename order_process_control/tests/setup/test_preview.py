from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import SetupCommon


@tagged("post_install", "-at_install")
class TestPreview(SetupCommon):
    """What last month's orders would have needed, told without a trace."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the demo data ordered is not counted
        cls.env["sale.order"].search([]).write({"date_order": "2020-01-01"})
        cls.company.order_split_days = 0

    def _preview(self, **vals):
        wizard = self._wizard(**vals)
        wizard.action_preview()
        return wizard

    def test_counts_orders_departments_and_reasons(self):
        small = self._create_order()
        large = self._create_order(lines=[(self.product, 15)])
        huge = self._create_order(lines=[(self.product, 70)])
        special = self._create_order(is_must_accept=True)
        self.assertEqual(special.class_id.name, "Special")
        wizard = self._preview()
        self.assertEqual((wizard.order_count, wizard.needed_count), (4, 3))
        self.assertEqual(wizard.needed_ids, sorted((large | huge | special).ids))
        sales, final = self._line(wizard, "sales"), self._line(wizard, "final")
        self.assertEqual(sales.order_count, 3)
        self.assertEqual(sales.reasons, "Large: 2, Special: 1")
        self.assertEqual(set(final.order_ids), set((huge | special).ids))
        self.assertEqual(
            set(final.reasons.split(", ")), {"very large amount: 1", "must be accepted: 1"}
        )
        self.assertNotIn(small.id, wizard.needed_ids)

    def test_tells_what_then_happens(self):
        """The steps that are created ask exactly whom the preview named."""
        orders = self.env["sale.order"].concat(
            self._create_order(),
            self._create_order(lines=[(self.product, 15)]),
            self._create_order(lines=[(self.product, 70)]),
            self._create_order(is_important=True),
            self._create_order(is_must_accept=True),
        )
        for code in ("manufacturing", "trading", "eshop"):
            with self.subTest(code):
                wizard = self._preview(preset=code)
                told = {line.key: set(line.order_ids or []) for line in wizard.line_ids}
                wizard.action_switch_on()
                steps = self.env["order.review.step"]._get_steps_by_order(orders)
                asked = {
                    key.partition(".")[2]: {o.id for o in orders if step in steps[o.id]}
                    for key, step in self._steps().items()
                }
                self.assertEqual(told, asked)
                # Once more, now that the classes exist
                again = self._preview(preset=code)
                self.assertEqual(
                    told, {line.key: set(line.order_ids or []) for line in again.line_ids}
                )

    def test_class_before_is_considered(self):
        """An order that a class of the company takes first does not become large."""
        own = self.env["order.class"].create(
            {"name": "VIP", "sequence": 1, "match_domain": "[('partner_id.name', '=', 'VIP')]"}
        )
        vip = self.env["res.partner"].create({"name": "VIP"})
        order = self._create_order(partner_id=vip.id, lines=[(self.product, 15)])
        self.assertEqual(order.class_id, own)
        self.assertEqual(self._preview().needed_count, 0)

    def test_own_class_of_the_same_name_is_taken_over(self):
        """Else it would catch large orders before the preset's class, and nobody reviewed them."""
        self.env["order.class"].search([("name", "=", "Large")]).action_archive()
        own = self.env["order.class"].create(
            {
                "name": "LARGE",
                "sequence": 1,
                "company_id": self.company.id,
                "match_domain": "[('amount_untaxed', '>=', 50000)]",
            }
        )
        order = self._create_order(lines=[(self.product, 600)])
        self.assertEqual(order.class_id, own)
        wizard = self._preview()
        self.assertEqual(wizard.needed_ids, order.ids)
        wizard.action_switch_on()
        self.assertEqual(order.review_state, "to_submit")
        self.assertIn("1000", own.match_domain)
        self.assertIn(own, self._steps()["trading.sales"].class_ids)

    def test_only_the_last_days_and_this_company(self):
        old = self._create_order(lines=[(self.product, 15)])
        old.date_order = fields.Datetime.now() - timedelta(days=10)
        cancelled = self._create_order(lines=[(self.product, 15)])
        cancelled.action_cancel()
        self.assertEqual(self._preview(days=5).order_count, 0)
        self.assertEqual(self._preview(days=11).needed_ids, old.ids)

    def test_leaves_nothing_behind(self):
        self._create_order(lines=[(self.product, 15)])
        models = ("order.review.step", "order.review.criterion", "order.class", "hr.department")
        before = [self.env[model].with_context(active_test=False).search([]) for model in models]
        self._preview()
        after = [self.env[model].with_context(active_test=False).search([]) for model in models]
        self.assertEqual(before, after)

    def test_orders_open_in_a_list(self):
        order = self._create_order(lines=[(self.product, 15)])
        wizard = self._preview()
        for action in (wizard.action_open_orders(), wizard.line_ids[0].action_open_orders()):
            self.assertEqual(self.env["sale.order"].search(action["domain"]), order)

    def test_number_of_queries_does_not_grow(self):
        wizard = self._wizard()

        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            plan = wizard._get_plan()
            before = self.env.cr.sql_log_count
            found = self.env["order.process.preset"]._preview(plan, orders)
            self.assertEqual(len(found["sales"]), len(orders))
            return self.env.cr.sql_log_count - before

        one = self._create_order(lines=[(self.product, 15)])
        count(one)
        few = count(one)
        many = one.concat(*(one.copy() for _i in range(60)))
        self.assertLessEqual(count(many), few)
