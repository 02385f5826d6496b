from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestReminder(OrderProcessCommon):
    """Who waits for a review can remind whoever holds it up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        signers = cls.finance_user | cls.finance_user2 | cls.production_user
        signers.notification_type = "inbox"
        cls._create_step("Finance", cls.finance)
        cls._create_step("Production", cls.production)
        with freeze_time(fields.Datetime.now() - timedelta(days=3)):
            cls.order = cls._create_order()
            cls.order.action_request_review()

    def _get_messages(self, user):
        return (
            self.env["mail.notification"]
            .search([("res_partner_id", "=", user.partner_id.id)])
            .mail_message_id
        )

    def test_each_signer_gets_one_message(self):
        result = self.order.action_remind()
        for user, department in (
            (self.finance_user, "Finance"),
            (self.finance_user2, "Finance"),
            (self.production_user, "Production"),
        ):
            message = self._get_messages(user)
            self.assertEqual(len(message), 1, user.login)
            self.assertEqual(message.author_id, self.salesperson.partner_id)
            self.assertEqual(message.model, "order.signoff")
            self.assertEqual(message.res_id, self._signoff(self.order, department).id)
            self.assertIn(f"{department} (asked 3 days ago)", message.body)
            self.assertIn(self.order.name, message.subject)
        self.assertEqual(result["tag"], "display_notification")
        text = result["params"]["message"]
        self.assertIn("Finance: opc_fin, opc_fin2 (asked 3 days ago)", text)
        self.assertIn("Production: opc_prod (asked 3 days ago)", text)
        self.assertIn("Reminded: Finance: opc_fin", self.order.message_ids[0].body)
        self.assertEqual(self.order.message_ids[0].author_id, self.salesperson.partner_id)
        self.assertFalse(self.order.sudo().message_partner_ids & self.finance_user.partner_id)

    def test_who_signs_for_both_gets_one_message_for_both(self):
        both = self.finance_user.ids
        self._create_step("Board", reviewer_ids=both, allow_requester=True)
        order = self._create_order()
        order.action_request_review()
        order.action_remind()
        message = self._get_messages(self.finance_user)
        self.assertEqual(len(message), 1)
        self.assertIn("Finance", message.body)
        self.assertIn("Board", message.body)

    def test_by_mail_if_preferred(self):
        self.finance_user.write({"notification_type": "email", "email": "fin@example.com"})
        self.order.action_remind()
        notification = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.finance_user.partner_id.id)]
        )
        self.assertEqual(notification.notification_type, "email")

    def test_only_who_has_not_signed(self):
        self._approve(self.order, "Finance", self.finance_user)
        self.assertNotIn("Finance", self.order.action_remind()["params"]["message"])
        self.assertFalse(self._get_messages(self.finance_user2))
        self.assertEqual(len(self._get_messages(self.production_user)), 1)

    def test_once_an_hour(self):
        now = fields.Datetime.now()
        self.order.action_remind()
        self.assertTrue(self.order.current_review_id.reminded_at)
        with self.assertRaisesRegex(UserError, "less than an hour ago. You can remind"):
            self.order.action_remind()
        self.assertEqual(len(self._get_messages(self.production_user)), 1)
        with freeze_time(now + timedelta(minutes=61)):
            self.order.action_remind()
        self.assertEqual(len(self._get_messages(self.production_user)), 2)

    def test_a_new_round_can_be_reminded_of_at_once(self):
        self.order.action_remind()
        self._reject(self.order, "Finance", self.finance_user)
        order = self.order.with_context(default_reminded_at="2999-01-01 00:00:00")
        order.action_request_review()
        self.assertFalse(self.order.current_review_id.reminded_at)
        self.order.action_remind()

    def test_only_in_review(self):
        draft = self._create_order()
        with self.assertRaisesRegex(UserError, "Nobody is signing it now"):
            draft.action_remind()
        self._reject(self.order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "Nobody is signing it now"):
            self.order.action_remind()

    def test_one_refusal_reminds_nobody(self):
        draft = self._create_order()
        with self.assertRaisesRegex(UserError, f"^{draft.name}: Nobody is signing"):
            (self.order | draft).action_remind()
        self.assertFalse(self._get_messages(self.finance_user))
        self.assertFalse(self.order.current_review_id.reminded_at)

    def test_several_orders(self):
        other = self._create_order()
        other.action_request_review()
        text = (self.order | other).action_remind()["params"]["message"]
        self.assertIn(f"{self.order.name}: Finance", text)
        self.assertIn(f"{other.name}: Finance", text)
        self.assertEqual(len(self._get_messages(self.finance_user)), 2)

    def test_nobody_but_oneself(self):
        order = self._create_order()
        self.env["order.review.step"].search([]).action_archive()
        self._create_step("Board", reviewer_ids=self.sales_manager.ids)
        order.action_request_review()
        with self.assertRaisesRegex(UserError, "nobody to remind but yourself.*: Board"):
            order.with_user(self.sales_manager).action_remind()
        order.action_remind()
        self.assertEqual(len(self._get_messages(self.sales_manager)), 1)

    def test_language_of_the_signer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.finance_user2.lang = "fr_FR"
        self.order.action_remind()
        self.assertIn("3 days", self._get_messages(self.finance_user).body)
        self.assertIn("3&nbsp;jours", self._get_messages(self.finance_user2).body)

    def test_who_may_remind(self):
        self.order.with_user(self.sales_manager).action_remind()
        self.order.sudo().current_review_id.reminded_at = False
        warehouse = self._create_user("opc_wh", "stock.group_stock_user")
        for user in (
            self.other_salesperson,
            self.finance_user,
            self.auditor,
            self.employee,
            warehouse,
        ):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_remind()

    def test_nobody_sets_the_stamp(self):
        review = self.order.current_review_id
        for user in (self.salesperson, self.sales_manager, self.process_manager):
            with self.assertRaises(AccessError):
                review.with_user(user).write({"reminded_at": False})

    def test_button(self):
        view = self.order.get_view(view_type="form")
        self.assertIn('name="action_remind"', view["arch"])
        self.assertIn("review_state != 'in_review'", view["arch"])
        Form(self.order)
