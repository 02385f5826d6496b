from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin
from .expedite_common import ExpediteCommon


@tagged("post_install", "-at_install")
class TestExpediteTours(MissingDebianAssetMixin, ExpediteCommon, HttpCase):
    """The whole story on the screen: requested, simulated, approved, applied."""

    def test_from_request_to_result(self):
        seller, approver = (
            self.env.ref(f"order_process_control.user_demo_{name}")
            for name in ("salesperson", "logistics")
        )
        self._create_step("Insertion", reviewer_ids=approver.ids, subjects="expedite")
        partners = self.env["res.partner"].create(
            [{"name": "Urgent Customer"}, {"name": "Patient Customer"}]
        )
        (self.soon_order | self.order).sudo()._action_cancel()
        order = self._create_confirmed(6, 10, user=seller, partner_id=partners[0].id)
        order.sudo().picking_ids.do_unreserve()
        patient = self._create_confirmed(5, 5, partner_id=partners[1].id)
        self.assertEqual([self._reserved(patient), self._reserved(order)], [5, 0])
        url = f"/odoo/sales/{order.id}"
        self.start_tour(url, "order_expedite_seller_requests", login="seller")
        expedite = order.sudo().expedite_ids
        self.assertEqual((expedite.state, expedite.scenario), ("submitted", "take"))
        self.start_tour(
            "/odoo/my-signoffs", "order_expedite_department_approves", login="logistics"
        )
        self.assertEqual(expedite.state, "applied")
        self.assertEqual(self._reserved(order), 6)
        self.start_tour(url, "order_expedite_seller_sees_result", login="seller")
