from odoo.tests import tagged

from .emergency_common import EmergencyCommon


@tagged("post_install", "-at_install")
class TestEmergencyClocks(EmergencyCommon):
    def _get_deadline(self, emergency, part):
        return emergency.sudo()._get_confirmation(part).deadline_ids

    def test_one_clock_a_part(self):
        emergency = self._create_emergency()
        need = self._get_deadline(emergency, "need")
        self.assertEqual((need.clock, need.state), ("emergency_need", "running"))
        self.assertEqual((need.minutes, need.user_id), (30, self.salesperson))
        self.assertFalse(self._get_deadline(emergency, "supply"), "nobody is asked yet")
        emergency.action_confirm_need("x", self.needed_by)
        self.assertEqual(need.state, "met")
        supply = self._get_deadline(emergency, "supply")
        self.assertEqual((supply.minutes, supply.department_id), (120, self.production))
        self.assertEqual((supply.user_id, supply.order_id), (self.production_user, self.order))
        emergency.with_user(self.production_user).action_confirm_supply("stock")
        self.assertEqual(supply.state, "met")
        shipment = self._get_deadline(emergency, "shipment")
        self.assertEqual((shipment.clock, shipment.minutes), ("emergency_shipment", 60))
        emergency.action_cancel()
        self.assertEqual(shipment.state, "cancelled")

    def test_a_no_in_time_is_an_answer_in_time(self):
        emergency = self._confirm_until("supply")
        supply = self._get_deadline(emergency, "supply")
        emergency.with_user(self.production_user).action_decline_emergency("Line 2 is broken.")
        self.assertEqual(supply.state, "met")
        emergency.action_ask_again(self.purchasing.id)
        again = self._get_deadline(emergency, "supply")
        self.assertEqual((again.state, again.department_id), ("running", self.purchasing))
