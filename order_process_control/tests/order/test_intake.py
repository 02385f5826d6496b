from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestIntake(OrderProcessCommon):
    def test_received_by_whoever_keys_it_in(self):
        order = self._create_order()
        self.assertEqual(order.received_by, self.salesperson)
        self.assertTrue(order.received_at)
        earlier = fields.Datetime.now() - timedelta(days=2)
        self.assertEqual(self._create_order(received_at=earlier).received_at, earlier)

    def test_form_of_the_order_follows_the_channel(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            form.medium_id = self.env.ref("utm.utm_medium_phone")
            self.assertEqual(form.intake_form, "oral")
            form.medium_id = self.env.ref("utm.utm_medium_email")
            self.assertEqual(form.intake_form, "oral", "what is filled in stays")

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

    def test_registration_tells_the_departments_of_the_class(self):
        self.finance.manager_id = self.finance.member_ids[0]
        regular = self.env.ref("order_process_control.order_class_regular")
        regular.department_ids = self.finance | self.production
        order = self._create_order()
        order.action_register()
        message = order.message_ids[0]
        self.assertIn("was registered as Regular", message.body)
        self.assertEqual(message.partner_ids, (self.finance_user | self.production_user).partner_id)
        self.assertTrue(message.is_internal or message.subtype_id.internal)
        count = len(order.message_ids)
        order.action_register()
        self.assertEqual(len(order.message_ids), count)
