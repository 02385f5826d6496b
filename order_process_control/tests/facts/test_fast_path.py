from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..review.rounds import RoundsCommon


class FastPathCommon(RoundsCommon):
    """The class Regular, by its rule, has a fast path; three desks are in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.class"].search([]).action_archive()
        cls.regular = cls.env["order.class"].create(
            {
                "name": "Regular",
                "match_domain": "[('is_important', '=', False)]",
                "is_fast_path": True,
            }
        )
        cls.special = cls.env["order.class"].create(
            {"name": "Special", "match_domain": "[]", "sequence": 90}
        )
        cls._stock(cls.product, 3)

    def _evidence(self, order):
        self.env.invalidate_all()
        return order._get_fast_path_evidence()[order.id]


@tagged("post_install", "-at_install")
class TestFastPath(FastPathCommon):
    """Which orders need no department because everything is in stock (R-078)."""

    def test_in_stock(self):
        order = self._create_order()
        self.assertEqual(order.class_id, self.regular)
        self.assertIn("needs 2 Units, forecast 3", self._evidence(order))

    def test_not_in_stock(self):
        self.assertFalse(self._evidence(self._create_order(lines=[(self.product, 4)])))
        # Without a promised date nobody knows until when it has to be there
        self.assertFalse(self._evidence(self._create_order(commitment_date=False)))

    def test_lines_whose_stock_nobody_knows(self):
        loose = self.env["product.product"].create({"name": "Screws", "type": "consu"})
        for lines in (
            [(self.service, 1)],
            [(self.product, 1), (self.service, 1)],
            [(self.product, 1), (loose, 1)],
            # What one line gives back the other would take without being seen
            [(self.product, 8), (self.product, -6)],
        ):
            with self.subTest(lines=lines):
                self.assertFalse(self._evidence(self._create_order(lines=lines)))

    def test_choosing_the_class_by_hand_does_not_help(self):
        order = self._create_order(is_important=True)
        self.assertFalse(self._evidence(order))
        order.class_id = self.regular
        self.assertFalse(self._evidence(order))

    def test_a_class_chosen_by_hand_takes_it_off(self):
        order = self._create_order(class_id=self.special.id)
        self.assertFalse(self._evidence(order))

    def test_switched_off(self):
        order = self._create_order()
        self.company.order_fast_path = False
        self.assertFalse(self._evidence(order))
        self.company.order_fast_path = True
        self.assertTrue(self._evidence(order))
        self.regular.is_fast_path = False
        self.assertFalse(self._evidence(order))
        self.regular.is_fast_path = True
        self.regular.active = False
        self.assertFalse(self._evidence(order.with_context(active_test=False)))

    def test_the_system_signs_for_the_departments(self):
        self._create_step("Finance", self.finance)
        production = self._create_step("Production", self.production, sequence=20)
        self.env["order.review.criterion"].create(
            {"step_id": production.id, "name": "Can it be made?"}
        )
        order = self._submit()
        self.assertEqual(self._states(order), {"Finance": "approved", "Production": "approved"})
        self.assertEqual(order.review_state, "approved")
        signoff = self._signoff(order, "Production")
        self.assertTrue(signoff.signed_by_system)
        self.assertIn("forecast 3", signoff.comment)
        self._assert_ledger_intact(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_people_are_asked_where_it_matters(self):
        finance = self._create_step("Finance", self.finance)
        self._create_step("Production", self.production, allow_fast_path=False)
        self._create_step("General Manager", reviewer_ids=self.process_manager.ids, is_final=True)
        self.env["order.review.criterion"].create(
            {
                "step_id": finance.id,
                "name": "Date",
                "kind": "automatic",
                "check_code": "promised_date",
            }
        )
        order = self._submit()
        self.assertEqual(
            self._states(order),
            {"Finance": "approved", "Production": "pending", "General Manager": "waiting"},
        )

    def test_a_fact_that_is_not_in_order_needs_a_person(self):
        finance = self._create_step("Finance", self.finance)
        self.env["order.review.criterion"].create(
            {
                "step_id": finance.id,
                "name": "Notice",
                "kind": "automatic",
                "check_code": "promised_date",
                "threshold": 1000,
            }
        )
        order = self._submit()
        self.assertTrue(order.is_fast_path)
        self.assertEqual(self._states(order), {"Finance": "pending"})

    def test_no_stock_no_fast_path(self):
        self._create_step("Finance", self.finance)
        self._stock(self.product, -2)
        self.assertEqual(self._states(self._submit()), {"Finance": "pending"})

    def test_many_orders_take_as_many_queries_as_two(self):
        self._stock(self.product, 100)
        orders = self.env["sale.order"].union(*(self._create_order() for _i in range(12)))
        counts = []
        orders._get_fast_path_evidence()
        for some in (orders[:2], orders):
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some._get_fast_path_evidence().values()))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 9)

    def test_stamped_at_submission_and_judged_anew_at_the_next(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        self.assertRecordValues(order, [{"is_fast_path": True}])
        self.assertIn("forecast 3", order.fast_path_evidence)
        order.order_line.product_uom_qty = 20
        order.action_request_review()
        self.assertRecordValues(order, [{"is_fast_path": False, "fast_path_evidence": False}])

    def test_stamped_at_confirmation_where_nobody_reviews(self):
        order = self._create_order()
        order.action_confirm()
        self.assertTrue(order.is_fast_path)
        many = self._create_order(lines=[(self.product, 30)])
        many.action_confirm()
        self.assertFalse(many.is_fast_path)

    def test_cancelled_starts_anew(self):
        order = self._create_order()
        order.action_confirm()
        order.action_cancel()
        self.assertFalse(order.is_fast_path)

    def test_nobody_writes_the_stamp(self):
        order = self._create_order()
        for user in (self.salesperson, self.sales_manager, self.process_manager):
            for name, value in (("is_fast_path", True), ("fast_path_evidence", "Plenty")):
                with self.assertRaises(AccessError):
                    order.with_user(user).write({name: value})
                with self.assertRaises(AccessError):
                    self._create_order(user=self.salesperson, **{name: value})
        copied = order.with_context(default_is_fast_path=True).copy()
        self.assertFalse(copied.is_fast_path)

    def test_only_the_manager_configures(self):
        for user in (self.salesperson, self.finance_user):
            with self.assertRaises(AccessError):
                self.special.with_user(user).is_fast_path = True

    def test_final_approvers_are_asked_unless_said_otherwise(self):
        step = self._create_step("Finance", self.finance)
        final = self._create_step("General manager", self.production, is_final=True)
        self.assertRecordValues(
            step | final, [{"allow_fast_path": True}, {"allow_fast_path": False}]
        )
        configuration = self.env["order.review.step"]._get_configuration()
        self.assertTrue(configuration[step.id]["allow_fast_path"])
        self.assertFalse(configuration[final.id]["allow_fast_path"])
        step.allow_fast_path = False
        configuration = self.env["order.review.step"]._get_configuration()
        self.assertFalse(configuration[step.id]["allow_fast_path"])

    def test_form_of_a_step_follows_final(self):
        with Form(self.env["order.review.step"]) as form:
            form.name = "Board"
            self.assertTrue(form.allow_fast_path)
            form.is_final = True
            self.assertFalse(form.allow_fast_path)
