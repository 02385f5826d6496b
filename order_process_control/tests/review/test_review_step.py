from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestReviewStep(OrderProcessCommon):
    """Configuration: what is refused, what is warned of."""

    def test_invalid_condition_is_refused_in_words(self):
        step = self._create_step("Finance", self.finance)
        for rule in (
            "[('no_such_field', '=', 1)]",
            "[('amount_total', '>')]",
            "not a domain",
            "[(",
            "__import__('os').system('true')",
            "[('amount_total', '>', 'many')]",
            "[('partner_id.no_such_field', '=', 1)]",
        ):
            with self.assertRaisesRegex(ValidationError, "Finance.*cannot be applied"):
                step.condition_domain = rule
        step.condition_domain = "[('date_order', '>=', '-7d'), ('partner_id.name', 'ilike', 'a')]"

    def test_step_without_signer_is_saved_and_says_so(self):
        step = self._create_step("Nobody", self._create_department("None", self.env["res.users"]))
        self.assertIn("Nobody can sign for “Nobody”", step.signer_warning)
        self.assertIn(self.process_manager.name, step.signer_warning)
        step.reviewer_ids = self.finance_user
        self.assertFalse(step.signer_warning)

    def test_signer_without_right_is_named(self):
        step = self._create_step("Blind", reviewer_ids=self.employee.ids)
        self.assertIn("opc_emp could sign for “Blind” but would not see", step.signer_warning)

    def test_unreadable_condition_never_lets_pass(self):
        step = self._create_step("Finance", self.finance)
        order = self._create_order()
        self.env.cr.execute(
            "UPDATE order_review_step SET condition_domain = %s WHERE id = %s",
            ["[('field_of_uninstalled_module', '=', 1)]", step.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.order_process_control", "ERROR"):
            self.assertEqual(order.review_state, "to_submit")
        with self.assertRaises(UserError):
            order.action_confirm()
        self.assertIn("field_of_uninstalled_module", step.rule_error)

    def test_automatic_criterion_needs_a_check(self):
        step = self._create_step("Logistics")
        with self.assertRaisesRegex(ValidationError, "Choose what Odoo shall check"):
            step.criterion_ids = [(0, 0, {"name": "In stock", "kind": "automatic"})]

    def test_name_follows_department_in_the_form(self):
        from odoo.tests import Form

        with Form(self.env["order.review.step"]) as form:
            form.department_id = self.finance
        self.assertEqual(form.record.name, self.finance.name)
