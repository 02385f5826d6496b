from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin
from .common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetupTour(MissingDebianAssetMixin, SetupCommon, HttpCase):
    """A new administrator goes from a database without any step to a working process."""

    def test_from_nothing_to_a_working_process(self):
        self.env["order.review.step"].with_context(active_test=False).search([]).unlink()
        self.env["sale.order"].search([]).write({"date_order": "2020-01-01"})
        customer = self.env["res.partner"].create({"name": "Setup Customer"})
        order = self._create_order(partner_id=customer.id, lines=[(self.product, 8)])
        self.assertEqual(order.review_state, "not_required")
        self.start_tour("/odoo/order-review-steps", "order_setup_from_nothing", login="admin")
        self.env.invalidate_all()
        keys = ["trading.sales", "trading.finance", "trading.logistics", "trading.final"]
        self.assertEqual(sorted(self._steps()), sorted(keys))
        self.assertEqual(order.review_state, "to_submit")
        with self.assertRaises(UserError):
            order.action_confirm()
        order.action_request_review()
        self.assertEqual(self._states(order)["Sales"], "pending")
