from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin
from .emergency_common import EmergencyCommon


@tagged("post_install", "-at_install")
class TestEmergencyTours(MissingDebianAssetMixin, EmergencyCommon, HttpCase):
    """An emergency shipment as the demo users meet it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = "order_process_control.department_"
        cls.company.write(
            {
                "order_supply_department_ids": [Command.set(cls.env.ref(demo + "production").ids)],
                "order_shipping_department_ids": [Command.set(cls.env.ref(demo + "logistics").ids)],
            }
        )
        seller = cls.env.ref("order_process_control.user_demo_salesperson")
        cls.demo_order = cls._create_order(seller)
        cls.demo_order.action_confirm()

    def _request(self):
        url = f"/odoo/action-sale.action_orders/{self.demo_order.id}"
        self.start_tour(url, "order_emergency_is_requested", login="seller")
        expedite = self.demo_order.sudo().expedite_ids
        self.assertEqual(expedite.emergency_state, "supply")
        return expedite, f"/odoo/order-expedites/{expedite.id}"

    def test_emergency_that_is_met(self):
        expedite, url = self._request()
        self.start_tour(url, "order_emergency_supply_is_confirmed", login="production")
        self.assertEqual(self.demo_order.sudo().priority, "1")
        self.start_tour(url, "order_emergency_shipment_is_confirmed", login="logistics")
        self.assertEqual((expedite.state, expedite.emergency_state), ("applied", "confirmed"))

    def test_emergency_that_cannot_be_met(self):
        expedite, url = self._request()
        self.start_tour(url, "order_emergency_is_declined", login="production")
        self.assertEqual(expedite.emergency_state, "not_met")
        self.start_tour(url, "order_emergency_is_closed", login="seller")
        self.assertEqual((expedite.state, expedite.emergency_state), ("not_met", "closed"))
        self.assertEqual(expedite.remedy, "A rental machine until Friday")
