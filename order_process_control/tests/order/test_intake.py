from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestIntake(OrderProcessCommon):
    def test_received_by_whoever_keys_it_in(self):
        order = self._create_order()
        self.assertEqual(order.received_by, self.salesperson)
        self.assertTrue(order.received_at)
        earlier = fields.Datetime.now() - timedelta(days=2)
        self.assertEqual(self._create_order(received_at=earlier).received_at, earlier)

    def test_registered_once(self):
        order = self._create_order()
        with freeze_time("2030-01-02 10:00:00"):
            order.action_register()
            self.assertEqual(order.registered_at, fields.Datetime.now())
        order.with_user(self.sales_manager).action_register()
        self.assertEqual(order.registered_by, self.salesperson)
        self.assertEqual(str(order.registered_at), "2030-01-02 10:00:00")
        with self.assertRaises(AccessError):
            order.registered_at = fields.Datetime.now()

    def test_submission_registers(self):
        self._create_step("Finance", self.finance)
        order = self._create_order()
        order.action_request_review()
        self.assertTrue(order.registered_at)

    def test_registration_tells_the_departments_of_the_class(self):
        self.finance.manager_id = self.finance.member_ids[0]
        regular = self.env.ref("order_process_control.order_class_regular")
        regular.department_ids = self.finance | self.production
        order = self._create_order()
        order.action_register()
        message = order.message_ids[0]
        self.assertIn("was registered as Regular", message.body)
        self.assertEqual(
            message.partner_ids, (self.finance_user | self.production_user).partner_id
        )
        self.assertTrue(message.is_internal or message.subtype_id.internal)
        count = len(order.message_ids)
        order.action_register()
        self.assertEqual(len(order.message_ids), count)

    def test_what_cannot_be_submitted_can_still_be_saved(self):
        self._create_step("Finance", self.finance)
        past = fields.Datetime.now() - timedelta(days=2)
        door = self.env["utm.medium"].create({"name": "Back door"})
        for vals, problem in (
            ({"commitment_date": past}, "promised delivery date is in the past"),
            ({"medium_id": False}, "through which channel"),
            ({"medium_id": door.id}, "“Back door” is not an approved order channel"),
            ({"order_line": []}, "no order lines"),
        ):
            order = self._create_order(**vals)
            with self.assertRaisesRegex(UserError, problem):
                order.action_request_review()
            self.assertFalse(order.registered_at)

    def test_all_problems_are_told_at_once(self):
        self._create_step("Finance", self.finance)
        order = self._create_order(medium_id=False, order_line=[])
        good = self._create_order()
        with self.assertRaisesRegex(UserError, f"{order.name}:.*no order lines.*which channel"):
            (order | good).action_request_review()
        self.assertEqual(good.review_state, "to_submit")

    def test_promise_for_today_is_possible(self):
        self._create_step("Finance", self.finance)
        order = self._create_order(commitment_date=fields.Datetime.now())
        order.action_request_review()
        self.assertEqual(order.review_state, "in_review")

    def test_priority_is_chosen_before_registration(self):
        order = self._create_order(priority="1")
        order.priority = "0"
        order.priority = "1"
        order.action_register()
        with self.assertRaisesRegex(UserError, "priority is chosen before"):
            order.priority = "0"
        order.write({"priority": "1", "client_order_ref": "same value is fine"})
