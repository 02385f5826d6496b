from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .commerce import CommerceCommon


@tagged("post_install", "-at_install")
class TestIdentity(CommerceCommon):
    """Somebody has seen who the customer is (R-009, R-123)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()

    def _judge(self, threshold=0.0):
        return self._fact("identity_verified", self.order, threshold)

    def _verify(self, partner=None, kind="licence", user=None):
        partner = (partner or self.customer).with_user(user or self.salesperson)
        return partner.action_verify_identity(kind)

    def test_verified(self):
        self._assert_fact(self._judge(), "fail", "Nobody has verified the identity of Careful")
        self._verify()
        self._assert_fact(
            self._judge(), "pass", "Careful Customer: verified by opc_sales", "(Business Licence)"
        )
        self.assertRecordValues(
            self.customer, [{"identity_state": "verified", "identity_document_kind": "licence"}]
        )
        self.assertIn("Business Licence", self.customer.message_ids[0].body)

    def test_valid_for_days(self):
        self._verify()
        self.patch(fields.Datetime, "now", lambda: self.env.cr.now() + timedelta(days=11))
        self._assert_fact(self._judge(12), "pass")
        self._assert_fact(self._judge(10), "fail", "older than 10 days")
        self._assert_fact(self._judge(), "pass")

    def test_another_name_is_another_customer(self):
        self._verify()
        self.customer.write({"phone": "1", "street": "New street"})
        self._assert_fact(self._judge(), "pass")
        for vals in ({"name": "Careless Customer"}, {"company_registry": "77"}):
            self._verify()
            self.customer.write(vals)
            self._assert_fact(self._judge(), "fail", "have changed since")
            self.assertEqual(self.customer.identity_state, "changed")

    def test_contacts_stand_for_their_company(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.order.partner_id = contact
        self._verify(contact)
        self.assertTrue(self.customer.identity_verified_at)
        self.assertFalse(contact.identity_verified_at)
        self._assert_fact(self._judge(), "pass", "Careful Customer")

    def test_revoked(self):
        self._verify()
        self.customer.with_user(self.finance_user).action_revoke_identity()
        self._assert_fact(self._judge(), "fail", "Nobody has verified")

    def test_who_may_verify(self):
        with self.assertRaises(AccessError):
            self._verify(user=self.employee)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.employee).action_revoke_identity()
        for kind in ("hearsay", None, ["licence"]):
            with self.assertRaisesRegex(UserError, "Choose which document"):
                self._verify(kind=kind)
        with self.assertRaisesRegex(UserError, "their own identity"):
            self._verify(self.salesperson.partner_id)

    def test_nobody_writes_the_stamp(self):
        managers = self.env.ref("base.group_partner_manager")
        self.salesperson.group_ids |= managers
        partners = self.env["res.partner"].with_user(self.salesperson)
        for vals in (
            {"identity_verified_at": "2030-01-01 00:00:00"},
            {"identity_verified_by": self.salesperson.id},
            {"identity_document_kind": "passport"},
            {"identity_verified_as": ["x"]},
            {"identity_verified_at": False},
        ):
            with self.assertRaises(AccessError):
                partners.browse(self.customer.id).write(vals)
            if any(vals.values()):
                with self.assertRaises(AccessError):
                    partners.create({"name": "New", **vals})
        context = {
            "default_identity_verified_at": "2030-01-01 00:00:00",
            "default_identity_verified_by": self.salesperson.id,
            "order_process_token": True,
        }
        self.assertFalse(
            partners.with_context(**context).create({"name": "x"}).identity_verified_at
        )
        self._verify()
        self.assertFalse(self.customer.copy().identity_verified_at)

    def test_the_window_asks_for_the_document(self):
        action = self.customer.with_user(self.salesperson).action_open_identity()
        wizard = self.env[action["res_model"]].with_user(self.salesperson)
        wizard = wizard.with_context(**action["context"]).create({"document_kind": "passport"})
        wizard.action_verify()
        self.assertEqual(self.customer.identity_document_kind, "passport")
        with self.assertRaises(AccessError):
            wizard.with_user(self.other_salesperson).read(["document_kind"])
        with self.assertRaises(AccessError):
            self.env[action["res_model"]].with_user(self.employee).create(
                {"document_kind": "passport", "partner_ids": self.customer.ids}
            )

    def test_merged_contacts_are_verified_again(self):
        self._verify()
        other = self.env["res.partner"].create({"name": "Careless Customer"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.customer | other).ids, other)
        self.assertEqual(other.identity_state, "changed")
