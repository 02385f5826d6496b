from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .emergency_common import EmergencyCommon


@tagged("post_install", "-at_install")
class TestEmergencyAccess(EmergencyCommon):
    def test_need_is_for_who_may_write_the_order(self):
        emergency = self._create_emergency()
        for user in (
            self.production_user,
            self.other_salesperson,
            self.auditor,
            self.employee,
            self.logistics_user,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                emergency.with_user(user).action_confirm_need("x", self.needed_by)
        emergency.with_user(self.sales_manager).action_confirm_need("x", self.needed_by)

    def test_supply_is_for_its_department(self):
        emergency = self._confirm_until("supply")
        for user in (
            self.salesperson,
            self.sales_manager,
            self.logistics_user,
            self.purchasing_user,
            self.finance_user,
            self.process_manager,
            self.auditor,
            self.env.ref("base.user_root"),
        ):
            for method, args in (
                ("action_confirm_supply", ("stock",)),
                ("action_decline_emergency", ("No",)),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(emergency.with_user(user).sudo(user.id == 1), method)(*args)
        with self.assertRaises(AccessError):
            emergency.sudo().action_confirm_supply("stock")
        emergency.with_user(self.production_user).action_confirm_supply("stock")

    def test_shipment_is_for_logistics(self):
        emergency = self._confirm_until("shipment")
        for user in (self.salesperson, self.production_user, self.process_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                emergency.with_user(user).action_confirm_shipment("air", "x", self.soon)

    def test_nobody_confirms_what_they_asked_for(self):
        """A salesperson who also works in production does not confirm their own supply."""
        both = self._create_user("opc_both", "sales_team.group_sale_salesman_all_leads")
        both.group_ids += self.env.ref(self._group("reviewer"))
        self.env["hr.employee"].create(
            {"name": "Both", "user_id": both.id, "department_id": self.production.id}
        )
        emergency = self._create_emergency(user=both)
        emergency.with_user(both).action_confirm_need("x", self.needed_by)
        with self.assertRaises(AccessError):
            emergency.with_user(both).action_confirm_supply("stock")
        self.assertEqual(
            self._get_tasks(emergency, "emergency_asked").user_id, self.production_user
        )

    def test_departments_are_those_of_the_settings(self):
        refusal = self.assertRaisesRegex(UserError, "does not confirm emergency shipments")
        with refusal, self.cr.savepoint():
            other = self._confirm((self.product, 1)).with_user(self.salesperson)
            self._create_emergency(other, supply_department_id=self.finance.id)
        emergency = self._create_emergency()
        refusal = self.assertRaisesRegex(UserError, "does not confirm emergency shipments")
        with refusal, self.cr.savepoint():
            emergency.shipping_department_id = self.finance
        emergency.action_confirm_need("x", self.needed_by)
        with self.assertRaisesRegex(UserError, "already"):
            emergency.supply_department_id = self.purchasing
        emergency.with_user(self.production_user).action_decline_emergency("No")
        refusal = self.assertRaisesRegex(UserError, "does not confirm emergency shipments")
        with refusal, self.cr.savepoint():
            emergency.action_ask_again(self.finance.id)

    def test_without_department_the_process_manager_is_asked(self):
        self.company.order_supply_department_ids = False
        emergency = self._confirm_until("supply", supply_department_id=False)
        self.assertEqual(
            self._get_tasks(emergency, "emergency_asked").user_id, self.process_manager
        )
        emergency.with_user(self.process_manager).action_confirm_supply("stock")

    def test_deputy_of_who_is_absent(self):
        today = self.env["order.deputy"]._fields["date_from"].today()
        self.env["order.deputy"].create(
            {
                "user_id": self.production_user.id,
                "deputy_id": self.finance_user.id,
                "date_from": today,
                "date_to": today,
                "company_id": self.company.id,
            }
        )
        emergency = self._confirm_until("supply")
        self.assertIn(self.finance_user, self._get_tasks(emergency, "emergency_asked").user_id)
        emergency.with_user(self.finance_user).action_confirm_supply("stock")

    def test_process_fields_over_rpc(self):
        emergency = self._create_emergency()
        for vals in (
            {"emergency_state": "confirmed"},
            {"customer_told_at": self.soon},
            {"remedy": "Nothing"},
            {"is_hurried": True},
            {"confirmation_ids": [(0, 0, {"part": "need"})]},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                emergency.write(vals)
        with self.assertRaises(AccessError):
            self._create_emergency(emergency_state="confirmed")

    def test_rows_are_nobodys_to_write(self):
        rows = self._create_emergency().confirmation_ids
        for user in (self.salesperson, self.sales_manager, self.production_user):
            own = rows.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                own.write({"state": "confirmed"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                own.unlink()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                own.create({"expedite_id": rows.expedite_id.id, "part": "need", "state": "asked"})
        with self.assertRaises(AccessError):
            rows.sudo().unlink()

    def test_who_reads_it(self):
        emergency = self._confirm_until("supply")
        for user in (self.salesperson, self.production_user, self.logistics_user, self.auditor):
            with self.subTest(user=user.login):
                emergency.invalidate_recordset()
                emergency.with_user(user).read(["reason", "emergency_state", "can_confirm"])
                emergency.confirmation_ids.with_user(user).read(["result", "people"])
                self.order.with_user(user).read(["name"])
                self.order.with_user(user).order_line.read(["product_uom_qty"])
        for user in (self.other_salesperson, self.employee, self.finance_user):
            with self.subTest(user=user.login):
                emergency.invalidate_recordset()
                with self.assertRaises(AccessError):
                    emergency.with_user(user).read(["reason"])
                with self.assertRaises(AccessError):
                    emergency.confirmation_ids.with_user(user).read(["result"])
                with self.assertRaises(AccessError):
                    self.order.with_user(user).read(["name"])

    def test_form_tells_nothing_to_strangers(self):
        emergency = self._create_emergency()
        wizard = self.env["order.expedite.answer"].with_user(self.finance_user)
        wizard = wizard.create({"kind": "supply", "expedite_id": emergency.id})
        wizard.invalidate_recordset()
        self.assertFalse(wizard.situation)
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_told_only_by_who_may_write_the_order(self):
        emergency = self._confirm_until("confirmed")
        with self.assertRaises(AccessError):
            emergency.with_user(self.production_user).action_note_customer_told("x")
        with self.assertRaises(AccessError):
            emergency.with_user(self.production_user).action_tell_customer()
        with self.assertRaises(AccessError):
            emergency.with_user(self.production_user).with_context(
                order_tells_customer=True
            ).message_post(body=self.customer.name, partner_ids=self.customer.ids)
        self.assertFalse(emergency.customer_told_at)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_stranger", self._group("auditor"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        emergency = self._create_emergency()
        for records in (emergency, emergency.confirmation_ids):
            with self.assertRaises(AccessError):
                records.with_user(stranger).read(["display_name"])
        with self.assertRaisesRegex(UserError, "another company"):
            department = self.env["hr.department"].create(
                {"name": "There", "company_id": company.id}
            )
            self.company.order_supply_department_ids = department
