from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .emergency_common import EmergencyCommon


@tagged("post_install", "-at_install")
class TestEmergency(EmergencyCommon):
    def _get_part(self, emergency, part):
        return emergency.sudo()._get_confirmation(part)

    def test_first_responsible_is_asked_at_once(self):
        emergency = self._create_emergency(user=self.sales_manager)
        self.assertEqual(emergency.emergency_state, "need")
        self.assertEqual(self._get_tasks(emergency, "emergency_asked").user_id, self.salesperson)
        self.assertEqual(self._get_part(emergency, "need").state, "asked")
        self.assertEqual(self._get_part(emergency, "supply").state, "waiting")

    def test_all_three_confirm(self):
        emergency = self._create_emergency()
        emergency.action_confirm_need("2 desks, black", self.needed_by, "Gate 3")
        need = self._get_part(emergency, "need")
        self.assertEqual((need.state, need.answered_by), ("confirmed", self.salesperson))
        self.assertEqual((need.goods, need.promised_at), ("2 desks, black", self.needed_by))
        self.assertEqual(
            self._get_tasks(emergency, "emergency_asked").user_id, self.production_user
        )
        self.assertEqual(self.order.priority, "0", "nobody has agreed yet")

        emergency.with_user(self.production_user).action_confirm_supply(
            "plan", self.soon, "Second shift on line 2"
        )
        supply = self._get_part(emergency, "supply")
        self.assertEqual((supply.state, supply.source), ("confirmed", "plan"))
        self.assertIn("Second shift", supply.result)
        self.assertEqual(self.order.priority, "1")
        self.assertUrgent(self.order.sudo().picking_ids)
        self.assertEqual(self._get_tasks(emergency, "emergency_asked").user_id, self.logistics_user)

        emergency.with_user(self.logistics_user).action_confirm_shipment(
            "air", "Airport, then by van", self.soon
        )
        self.assertEqual(emergency.emergency_state, "confirmed")
        self.assertEqual(emergency.state, "applied")
        self.assertEqual(emergency.expected_completion, self.soon)
        self.assertEqual(self._get_tasks(emergency, "emergency_met").user_id, self.salesperson)
        self.assertFalse(self._get_tasks(emergency, "emergency_asked"))
        shipment = self._get_part(emergency, "shipment")
        self.assertIn("Air: Airport, then by van", shipment.result)
        self.assertIn("Airport", self.order.sudo().picking_ids.message_ids[0].body)
        kinds = self.order.sudo().event_ids.mapped("kind")
        for part in ("started", "need", "supply", "shipment"):
            self.assertIn(f"emergency_{part}", kinds)

    def test_what_is_missing_is_refused(self):
        emergency = self._create_emergency()
        past = fields.Datetime.now() - timedelta(hours=1)
        for goods, needed_by in ((" ", self.needed_by), ("x", None), ("x", past), ("x", "soon")):
            with self.subTest(goods=goods, needed_by=needed_by), self.assertRaises(UserError):
                emergency.action_confirm_need(goods, needed_by)
        emergency.action_confirm_need("x", self.needed_by)
        supply = emergency.with_user(self.production_user)
        for args in (
            (None,),
            ("magic", self.soon, "x"),
            ("plan", self.soon),
            ("plan", None, "x"),
            ("supplier", self.soon, " "),
            ("supplier", self.late, "Next week"),
        ):
            with self.subTest(args=args), self.assertRaises(UserError):
                supply.action_confirm_supply(*args)
        supply.action_confirm_supply("supplier", self.soon, "By noon")
        shipment = emergency.with_user(self.logistics_user)
        for args in (
            (None, "x", self.soon),
            ("air", " ", self.soon),
            ("air", "x", None),
            ("air", "x", self.late),
            ("air", "x", self.soon, 10**12),
        ):
            with self.subTest(args=args), self.assertRaises(UserError):
                shipment.action_confirm_shipment(*args)

    def test_each_in_turn(self):
        emergency = self._create_emergency()
        with self.assertRaisesRegex(UserError, "not what is to be confirmed now"):
            emergency.with_user(self.production_user).action_confirm_supply("stock")
        emergency.action_confirm_need("x", self.needed_by)
        with self.assertRaisesRegex(UserError, "not what is to be confirmed now"):
            emergency.action_confirm_need("y", self.needed_by)
        with self.assertRaisesRegex(UserError, "not what is to be confirmed now"):
            emergency.with_user(self.logistics_user).action_confirm_shipment("air", "x", self.soon)

    def test_cannot_be_met(self):
        self.company.order_process_manager_id = self.process_manager
        emergency = self._confirm_until("supply")
        with self.assertRaisesRegex(UserError, "Write why it cannot be met"):
            emergency.with_user(self.production_user).action_decline_emergency(" ")
        emergency.with_user(self.production_user).action_decline_emergency("Line 2 is broken.")
        self.assertEqual(emergency.emergency_state, "not_met")
        self.assertEqual(emergency.failure, "Line 2 is broken.")
        failed = self._get_tasks(emergency, "emergency_failed")
        self.assertEqual(failed.user_id, self.salesperson)
        escalated = self._get_tasks(emergency, "emergency_escalated")
        self.assertEqual(escalated.user_id, self.process_manager)
        self.assertFalse(self._get_tasks(emergency, "emergency_asked"))
        self.assertEqual(self._get_part(emergency, "shipment").state, "cancelled")

        with self.assertRaisesRegex(UserError, "Tell the customer first"):
            emergency.action_close_not_met("A rental machine")
        with self.assertRaisesRegex(UserError, "whom you have told what"):
            emergency.action_note_customer_told("")
        emergency.action_note_customer_told("Told Mr Wu on the phone")
        with self.assertRaisesRegex(UserError, "Write which measure"):
            emergency.action_close_not_met("  ")
        emergency.action_close_not_met("A rental machine until Friday")
        self.assertEqual((emergency.emergency_state, emergency.state), ("closed", "not_met"))
        self.assertEqual(emergency.remedy_by, self.salesperson)
        self.assertFalse(self._get_tasks(emergency, "emergency_failed"))
        with self.assertRaisesRegex(UserError, "what is over stays so"):
            emergency.action_cancel()
        self.assertEqual((emergency.emergency_state, emergency.state), ("closed", "not_met"))
        self._create_emergency()  # it does not stand in the way of the next

    def test_another_department_is_asked(self):
        emergency = self._confirm_until("supply")
        emergency.with_user(self.production_user).action_decline_emergency("Line 2 is broken.")
        emergency.action_ask_again(self.purchasing.id, self.late)
        self.assertEqual(emergency.needed_by, self.late)
        self.assertEqual(
            self._get_tasks(emergency, "emergency_asked").user_id, self.purchasing_user
        )
        self.assertFalse(self._get_tasks(emergency, "emergency_escalated"))
        emergency.with_user(self.purchasing_user).action_confirm_supply(
            "supplier", self.late, "Agreed by phone"
        )
        states = emergency.confirmation_ids.mapped("state")
        self.assertEqual(states, ["confirmed", "declined", "cancelled", "confirmed", "asked"])

    def test_mail_to_the_customer(self):
        emergency = self._confirm_until("confirmed")
        action = emergency.action_tell_customer()
        composer = (
            self.env[action["res_model"]]
            .with_user(self.salesperson)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("we can meet your urgent need", composer.body)
        composer._action_send_mail()
        self.assertTrue(emergency.customer_told_at)
        self.assertFalse(self._get_tasks(emergency, "emergency_met"))

    def test_must_accept_tells_everybody_at_once(self):
        self.order.sudo().is_must_accept = True
        emergency = self._create_emergency()
        told = self._get_tasks(emergency, "emergency_told").user_id
        self.assertEqual(told, self.production_user | self.logistics_user)
        self.assertFalse(self._get_tasks(self._create_other(), "emergency_told"))

    def _create_other(self):
        order = self._confirm((self.product, 1)).with_user(self.salesperson)
        return self._create_emergency(order)

    def test_cancelled(self):
        emergency = self._confirm_until("shipment")
        self.assertEqual(self.order.priority, "1")
        emergency.action_cancel()
        self.assertEqual((emergency.state, emergency.emergency_state), ("cancelled", "cancelled"))
        self.assertEqual(self.order.priority, "0")
        self.assertNormal(self.order.sudo().picking_ids)
        self.assertFalse(emergency.sudo().activity_ids)
        self.assertEqual(self._get_part(emergency, "shipment").state, "cancelled")

    def test_own_urgency_of_the_order_is_not_withdrawn(self):
        order = self._confirm((self.product, 1), urgent=True).with_user(self.salesperson)
        emergency = self._confirm_until("shipment", order=order)
        emergency.action_cancel()
        self.assertEqual(order.priority, "1")

    def test_reverted(self):
        emergency = self._confirm_until("confirmed")
        emergency.action_revert()
        self.assertEqual(emergency.state, "reverted")
        self.assertEqual(self.order.priority, "0")

    def test_order_cancelled(self):
        emergency = self._confirm_until("shipment")
        self.order.sudo()._action_cancel()
        self.assertEqual(emergency.emergency_state, "cancelled")

    def test_stock_of_others_takes_an_approval(self):
        emergency = self._confirm_until("supply")
        emergency.with_user(self.production_user).action_confirm_supply("reserved")
        self.assertEqual(self.order.priority, "0", "others have a say in it")
        self.assertTrue(emergency.needs_queue_jump)
        with self.assertRaisesRegex(UserError, "reserved for others"):
            emergency.with_user(self.logistics_user).action_confirm_shipment("air", "x", self.soon)
        self.assertTrue(self._get_tasks(emergency, "emergency_asked", self.salesperson))
        emergency.action_simulate()
        emergency.action_submit()
        emergency.sudo()._approve()
        self.assertEqual(emergency.state, "applied")
        self.assertEqual(self._get_tasks(emergency, "emergency_asked").user_id, self.logistics_user)
        emergency.with_user(self.logistics_user).action_confirm_shipment("air", "x", self.soon)
        self.assertEqual((emergency.state, emergency.emergency_state), ("applied", "confirmed"))

    def test_nothing_to_approve_without_it(self):
        emergency = self._confirm_until("shipment")
        emergency.action_simulate()
        with self.assertRaisesRegex(UserError, "submitted only when its goods are reserved"):
            emergency.action_submit()

    def test_from_queue_to_emergency(self):
        expedite = self._create_emergency(kind="queue")
        self.assertFalse(expedite.emergency_state)
        expedite.kind = "emergency"
        self.assertEqual(expedite.emergency_state, "need")
        with self.assertRaisesRegex(UserError, "People were asked"):
            expedite.kind = "queue"
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            expedite.unlink()
