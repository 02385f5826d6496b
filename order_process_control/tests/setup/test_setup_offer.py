from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin
from .common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetupOffer(SetupCommon):
    """Who opens the app for the first time finds the set-up, and nobody finds it twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.review.step"].with_context(active_test=False).search([]).unlink()
        cls.company.order_setup_offered = False

    def _land(self, user, company=None):
        """Return the model that the app opens with."""
        signoffs = self.env["order.signoff"].with_user(user)
        return signoffs.with_company(company or self.company)._get_landing_action()["res_model"]

    def test_once_for_a_company(self):
        other_manager = self.process_manager.copy({"login": "opc_other_manager"})
        self.assertEqual(self._land(self.process_manager), "order.process.setup")
        self.assertTrue(self.company.order_setup_offered)
        self.assertEqual(self._land(self.process_manager), "order.signoff")
        self.assertEqual(self._land(other_manager), "order.signoff")
        other = self.env["res.company"].create({"name": "Daughter"})
        self.process_manager.company_ids |= other
        self.assertEqual(self._land(self.process_manager, other), "order.process.setup")

    def test_nobody_else_is_asked_or_takes_the_offer_away(self):
        for user in (self.finance_user, self.salesperson, self.auditor):
            self.assertNotEqual(self._land(user), "order.process.setup", user.login)
        self.assertFalse(self.company.order_setup_offered)

    def test_a_company_at_work_is_left_alone(self):
        """Databases from before the offer: they have their steps, switched off ones perhaps."""
        step = self._create_step("Finance", self.finance)
        self.assertEqual(self._land(self.process_manager), "order.signoff")
        step.action_archive()
        self.assertEqual(self._land(self.process_manager), "order.signoff")
        step.company_id = False
        self.assertEqual(self._land(self.process_manager), "order.signoff")

    def test_steps_of_another_company_do_not_count(self):
        step = self._create_step("Finance", self.finance)
        step.company_id = self.env["res.company"].create({"name": "Sister"})
        self.assertEqual(self._land(self.process_manager), "order.process.setup")

    def test_the_flag_is_not_for_users(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.process_manager).write({"order_setup_offered": True})


@tagged("post_install", "-at_install")
class TestSetupOfferTour(MissingDebianAssetMixin, SetupCommon, HttpCase):
    def test_offered_and_put_off(self):
        self.env["order.review.step"].with_context(active_test=False).search([]).unlink()
        self.company.order_setup_offered = False
        self.start_tour("/odoo/order-review-steps", "order_setup_offered_once", login="admin")
        self.assertTrue(self.company.order_setup_offered)
