from odoo.exceptions import UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestRequirementsReview(RoundsCommon):
    """Requirements are content: signed, compared, and shown in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Production", cls.production, watched_aspects="goods")
        cls._create_step("Finance", cls.finance, watched_aspects="price")
        cls.regular = cls.env.ref("order_process_control.order_class_regular")

    def _require(self, order, **values):
        order.requirement_properties = {f"requirement_{n}": v for n, v in values.items()}

    def test_nothing_is_added_where_nothing_is_required(self):
        order = self._create_order()
        content = order._get_review_contents()[order.id]
        self.assertEqual(content["goods"]["order"], {})
        before = order._get_fingerprint(content)
        self._require(order, material="", sample=False)
        content = order._get_review_contents()[order.id]
        self.assertEqual(order._get_fingerprint(content), before)
        self.assertNotIn("requirements", order._get_review_snapshots()[order.id][1])

    def test_a_change_ends_the_review(self):
        order = self._submit(requirement_properties={"requirement_material": "Oak"})
        self._approve(order, "Production", self.production_user)
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "approved")
        self._require(order, material="Pine")
        self.assertEqual(order.review_state, "outdated")
        with self.assertRaisesRegex(UserError, "changed since it was reviewed"):
            order.action_confirm()
        self._require(order, material="Oak")
        self.assertEqual(order.review_state, "approved")

    def test_only_who_watches_goods_is_asked_again_and_sees_the_difference(self):
        order = self._submit(
            requirement_properties={"requirement_material": "Oak", "requirement_sample": "yes"}
        )
        self._approve(order, "Production", self.production_user)
        self._approve(order, "Finance", self.finance_user)
        self._require(order, material="Pine", packaging="Crates")
        order.action_request_review()
        self.assertEqual(self._states(order), {"Production": "pending", "Finance": "approved"})
        diff = self._signoff(order, "Production").with_user(self.production_user).diff
        self.assertEqual(
            [(row["label"], row["before"], row["after"]) for row in diff],
            [
                ("Material", "Oak", "Pine"),
                ("Packaging", "", "Crates"),
                ("Sample to be confirmed by the customer", "Yes", ""),
            ],
        )
        self.assertTrue(all(row["is_watched"] for row in diff))

    def test_who_writes_them_does_not_sign_them(self):
        order = self._create_order()
        self._create_step("Sales", reviewer_ids=[(6, 0, self.sales_manager.ids)])
        order.with_user(self.sales_manager).requirement_properties = {"requirement_material": "Oak"}
        order.action_request_review()
        self.assertNotIn(self.sales_manager, self._able(order, "Sales"))

    def test_a_confirmed_order_keeps_them(self):
        order = self._submit(requirement_properties={"requirement_material": "Oak"})
        self._approve(order, "Production", self.production_user)
        self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "is confirmed"), self.env.cr.savepoint():
            self._require(order, material="Pine")
        self.regular.requirement_definition = []
        self.env.flush_all()
        order.action_lock()
        self.assertEqual(order.review_state, "approved")
        content = order._get_review_contents()[order.id]
        self.assertTrue(order.sudo().release_id._is_bound_to(order._get_fingerprint(content)))

    def test_shown_in_words_to_who_decides(self):
        self.regular.requirement_definition = [
            *self.regular.requirement_definition,
            {"name": "plant", "type": "many2one", "string": "Plant", "comodel": "res.partner"},
            {"name": "audited", "type": "boolean", "string": "Audited"},
            {"name": "due", "type": "date", "string": "Due"},
        ]
        order = self._submit(
            requirement_properties={
                "requirement_sample": "yes",
                "requirement_use": "<b>Outdoors</b>",
                "plant": self.customer.id,
                "audited": True,
                "due": "2030-05-17",
            }
        )
        summary = str(
            self._signoff(order, "Production").with_user(self.production_user).order_summary
        )
        for text in (
            "Requirements of the Customer",
            "Sample to be confirmed by the customer",
            "Yes",
            "&lt;b&gt;Outdoors",
            "Plant",
            self.customer.name,
            "05/17/2030",
        ):
            self.assertIn(text, summary)
        words = order.sudo().current_review_id.snapshot["requirements"]
        self.assertEqual(
            words[-1], {"name": "due", "type": "date", "label": "Due", "value": "2030-05-17"}
        )

    def test_values_of_no_use_break_no_screen(self):
        self.regular.requirement_definition = [
            {"name": "due", "type": "date", "string": "Due"},
            {"name": "count", "type": "float", "string": "Count"},
            {"name": "plant", "type": "many2one", "string": "Plant", "comodel": "res.partner"},
        ]
        order = self._submit(
            requirement_properties={"due": "soon", "count": "many", "plant": [10**9, "x"]}
        )
        summary = self._signoff(order, "Production").with_user(self.production_user).order_summary
        self.assertIn("soon", summary)
        self.assertIn("many", summary)

    def test_queries_do_not_grow(self):
        vals = {"requirement_properties": {"requirement_material": "Oak"}}
        self._create_order(**vals)._get_review_snapshots()  # warm
        orders = self.env["sale.order"].concat(*(self._create_order(**vals) for _n in range(6)))
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_review_snapshots()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 2)
