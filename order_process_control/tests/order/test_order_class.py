from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestOrderClass(OrderProcessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.special = cls.env.ref("order_process_control.order_class_special")
        cls.regular = cls.env.ref("order_process_control.order_class_regular")

    def test_rules_classify_and_follow_the_order(self):
        order = self._create_order()
        self.assertEqual(order.class_id, self.regular)
        order.is_must_accept = True
        self.assertEqual(order.class_id, self.special)
        order.is_must_accept = False
        self.assertEqual(order.class_id, self.regular)
        self.product.is_custom = True
        order.order_line.product_id = self.service
        order.order_line.product_id = self.product
        self.assertEqual(order.class_id, self.special)

    def test_first_match_in_sequence_wins(self):
        first = self.env["order.class"].create(
            {
                "name": "First",
                "sequence": 1,
                "match_domain": "[('partner_id.name', 'ilike', 'care')]",
            }
        )
        self.assertEqual(self._create_order().class_id, first)
        first.sequence = 100
        self.assertEqual(self._create_order().class_id, self.regular)

    def test_class_chosen_by_hand_stays_and_is_copied(self):
        order = self._create_order()
        order.class_id = self.special
        order.is_important = True
        self.assertEqual(order.class_id, self.special)
        self.assertEqual(order.copy().class_id, self.special)
        order.class_id = self.regular
        order.is_must_accept = True
        self.assertEqual(order.class_id, self.special)

    def test_class_of_another_company_does_not_match(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["order.class"].create(
            {"name": "Theirs", "sequence": 1, "match_domain": "[]", "company_id": company.id}
        )
        self.assertEqual(self._create_order().class_id, self.regular)

    def test_form_classifies_while_typing(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            form.is_must_accept = True
            self.assertEqual(form.class_id, self.special)
            form.is_must_accept = False
            self.assertEqual(form.class_id, self.regular)
            form.class_id = self.special
            form.is_important = True
            self.assertEqual(form.class_id, self.special)
        self.assertTrue(form.record.class_is_manual)

    def test_new_order_from_the_form_follows_the_rules(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
        self.assertFalse(form.record.class_is_manual)
        form.record.is_must_accept = True
        self.assertEqual(form.record.class_id, self.special)

    def test_invalid_rule_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "Special.*cannot be applied to sales orders"):
            self.special.match_domain = "[('colour', '=', 'red')]"

    def test_unreadable_rule_is_skipped(self):
        self.env.cr.execute(
            "UPDATE order_class SET match_domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", self.special.id],
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.order_process_control", "ERROR"):
            self.assertEqual(self._create_order().class_id, self.regular)
        self.assertIn("gone", self.special.rule_error)

    def test_only_the_manager_approves_channels(self):
        Medium = self.env["utm.medium"].with_user(self.salesperson)
        medium = Medium.create({"name": "Back door"})
        with self.assertRaises(AccessError):
            medium.is_approved = True
        with self.assertRaises(AccessError):
            Medium.create({"name": "Other door", "is_approved": True})
        sneaky = Medium.with_context(default_is_approved=True).create({"name": "Third door"})
        self.assertFalse(sneaky.is_approved)
        medium.with_user(self.process_manager).write({"is_approved": True})
