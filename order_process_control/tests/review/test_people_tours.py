from odoo.tests import HttpCase, tagged

from ..common import MissingDebianAssetMixin, OrderProcessCommon


@tagged("post_install", "-at_install")
class TestPeopleTours(MissingDebianAssetMixin, OrderProcessCommon, HttpCase):
    """Absences, reminders and the link of the daily mail, as demo users meet them."""

    def _demo_user(self, name):
        return self.env.ref(f"order_process_control.user_demo_{name}")

    def test_finance_enters_an_absence(self):
        self.env["order.deputy"].search([]).unlink()  # the demo data's
        self.start_tour("/odoo/my-absences", "order_people_enters_absence", login="finance")
        absence = self.env["order.deputy"].search([("date_to", "=", "2099-12-31")])
        self.assertEqual(absence.user_id, self._demo_user("finance"))
        self.assertEqual(absence.deputy_id, self._demo_user("logistics"))

    def test_seller_reminds(self):
        customer = self.env["res.partner"].create({"name": "Impatient Customer"})
        finance = self._demo_user("finance")
        self._create_step("Board", reviewer_ids=finance.ids)
        order = self._create_order(self._demo_user("salesperson"), partner_id=customer.id)
        order.action_request_review()
        self.start_tour("/odoo/orders-in-process", "order_people_reminds", login="seller")
        self.assertTrue(order.current_review_id.reminded_at)
        message = self.env["mail.notification"].search(
            [
                ("res_partner_id", "=", finance.partner_id.id),
                ("mail_message_id.model", "=", "order.signoff"),
            ]
        )
        self.assertEqual(len(message), 1)

    def test_link_of_the_mail_leads_to_the_signoff(self):
        self._create_step("Board", reviewer_ids=self._demo_user("finance").ids)
        order = self._create_order()
        order.action_request_review()
        signoff = self._signoff(order, "Board")
        url = self.env["order.signoff.digest"]._prepare_line(signoff, "")["url"]
        self.authenticate("finance", "finance")
        page = self.url_open(url, allow_redirects=False)
        self.assertIn(f"order.signoff/{signoff.id}", page.headers["Location"])
        self.authenticate("opc_emp", "opc_emp")
        page = self.url_open(url, allow_redirects=False)
        self.assertNotIn("order.signoff", page.headers["Location"])
