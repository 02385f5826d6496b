from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ...models.order.process_token import as_process
from ..common import OrderProcessCommon

REASON = "Their line stands still."


@tagged("post_install", "-at_install")
class TestPriority(OrderProcessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.special = cls.env.ref("order_process_control.order_class_special")

    def test_normal_unless_said_otherwise(self):
        self.assertEqual(self._create_order().priority, "0")

    def test_by_hand_with_a_reason(self):
        with self.assertRaisesRegex(UserError, "write why the order is more"):
            self._create_order(priority="1")
        with self.assertRaisesRegex(UserError, "write why the order is more"):
            self._create_order(priority="1", priority_reason="  ")
        with self.assertRaisesRegex(UserError, "write why the order is more"):
            orders = self.env["sale.order"].with_user(self.salesperson)
            orders.with_context(default_priority="1").create({"partner_id": self.customer.id})
        order = self._create_order(priority="1", priority_reason=REASON)
        self.assertEqual(order.priority, "1")
        with self.assertRaisesRegex(UserError, "write why the order is more"):
            order.priority_reason = False
        order.write({"priority": "0", "priority_reason": False})
        with self.assertRaisesRegex(UserError, "write why the order is more"):
            order.priority = "1"

    def test_urgent_by_class(self):
        self.special.is_urgent = True
        order = self._create_order()
        self.assertEqual(order.priority, "0")
        order.is_must_accept = True
        self.assertEqual(order.class_id, self.special)
        self.assertEqual(order.priority, "1")
        order.is_must_accept = False
        self.assertEqual(order.priority, "0")
        self.assertEqual(self._create_order(is_must_accept=True).priority, "1")
        self.assertEqual(
            self._create_order(is_must_accept=True, priority="1").priority, "1", "as it says"
        )
        self.assertEqual(
            self._create_order(is_must_accept=True, priority="0").priority, "1", "sent by a form"
        )

    def test_against_the_class_with_a_reason(self):
        self.special.is_urgent = True
        order = self._create_order(is_must_accept=True)
        with self.assertRaisesRegex(UserError, "write why the order is more, or less"):
            order.priority = "0"
        order.write({"priority": "0", "priority_reason": "They said it can wait."})
        order.write({"is_must_accept": False})
        order.write({"is_must_accept": True})
        self.assertEqual(order.priority, "0", "what was chosen stays")

    def test_the_choice_of_a_form_cannot_be_faked(self):
        self.special.is_urgent = True
        order = self._create_order(is_must_accept=True)
        order.write({"priority_is_chosen": True, "is_must_accept": False})
        self.assertEqual(order.priority, "0")

    def test_configuration_changed_later_judges_nothing_anew(self):
        order = self._create_order(is_must_accept=True)
        self.env.flush_all()
        self.special.is_urgent = True
        self.env.invalidate_all()
        self.assertEqual(order.priority, "0")

    def test_form_asks_for_the_reason(self):
        with Form(self._create_order()) as form:
            form.priority = "1"
            self.assertTrue(form.priority_is_chosen)
            form.client_order_ref = "changed in between"
            with self.assertRaisesRegex(AssertionError, "priority_reason is a required field"):
                form.save()
            form.priority_reason = REASON
            order = form.save()
            self.assertEqual(order.priority, "1")
            form.priority = "0"
            self.assertFalse(form.priority_reason)
        self.assertEqual(order.priority, "0")

    def test_form_shows_what_the_class_says(self):
        self.special.is_urgent = True
        with Form(self._create_order()) as form:
            form.is_must_accept = True
            self.assertEqual(form.priority, "1")
            self.assertFalse(form.priority_is_chosen)

    def test_fixed_once_submitted(self):
        self._create_step("Finance", self.finance)
        order = self._create_order(priority="1", priority_reason=REASON)
        order.action_request_review()
        for vals in (
            {"priority": "0"},
            {"priority_reason": "Another one"},
            {"priority": "0", "priority_reason": False},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "priority is chosen before"):
                order.write(vals)

    def test_a_rule_still_holds_once_submitted(self):
        self.special.is_urgent = True
        self._create_step("Finance", self.finance)
        order = self._create_order()
        order.action_request_review()
        with self.assertRaisesRegex(UserError, "priority is chosen before"):
            order.write({"priority": "1", "priority_reason": REASON})
        order.write({"is_must_accept": True, "priority": "1"})
        self.assertEqual(order.priority, "1")

    def test_rule_read_anew_at_the_submission(self):
        """A rule on a field that does not re-classify by itself."""
        self._create_step("Finance", self.finance)
        self.env["order.class"].create(
            {
                "name": "Reference",
                "sequence": 1,
                "match_domain": "[('client_order_ref', '=', 'STOP')]",
                "is_urgent": True,
            }
        )
        order = self._create_order()
        order.client_order_ref = "STOP"
        self.assertEqual(order.priority, "0")
        order.action_request_review()
        self.assertEqual(order.priority, "1")
        self.assertEqual(self._signoff(order, "Finance").priority, "1")

    def test_confirmed_order_is_not_hurried_by_hand(self):
        order = self._create_order()
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "priority is chosen before"):
            order.write({"priority": "1", "priority_reason": REASON})

    def test_hook_once_a_batch(self):
        orders = self._create_order() | self._create_order()
        calls = []
        self.patch(type(orders), "_on_priority_changed", lambda orders: calls.append(orders.ids))
        as_process(orders).write({"priority": "1", "priority_reason": REASON})
        as_process(orders).write({"priority": "1"})
        self.assertEqual(calls, [orders.ids])

    def test_process_sets_and_withdraws(self):
        order = self._create_order()
        order.sudo()._set_priority("1", REASON)
        order.class_id = self.special
        order.flush_recordset()
        self.assertEqual(order.priority, "1", "the reason holds")
        self.special.is_urgent = True
        order.sudo()._set_priority("0", False)
        self.assertEqual(order.priority, "1", "it follows its class again")

    def test_many_follow_their_class_at_once(self):
        orders = self._create_order() | self._create_order()
        orders.sudo()._set_priority("1", REASON)
        calls = []
        self.patch(type(orders), "_on_priority_changed", lambda orders: calls.append(orders.ids))
        orders.sudo()._set_priority("1", False)
        self.assertEqual(calls, [orders.ids])
        self.assertEqual(orders.mapped("priority"), ["0", "0"])

    def test_portal_has_no_say(self):
        portal = self._create_user("opc_portal", "base.group_portal")
        orders = self.env["sale.order"].with_user(portal).sudo()
        order = orders.create(
            {"partner_id": self.customer.id, "priority": "1", "priority_reason": REASON}
        )
        self.assertEqual(order.priority, "0")
        order.write({"priority": "1", "priority_reason": REASON})
        self.assertEqual(order.priority, "0")
        self.assertFalse(order.priority_reason)
