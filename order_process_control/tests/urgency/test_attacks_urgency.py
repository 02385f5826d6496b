from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .emergency_common import EmergencyCommon
from .expedite_common import ExpediteCommon


@tagged("post_install", "-at_install")
class TestAttacksEmergency(EmergencyCommon):
    """What somebody with a login must not reach with emergencies."""

    def test_nobody_gives_themselves_a_bell(self):
        emergency = self._confirm_until("supply")
        stranger = self.finance_user
        activities = self.env["mail.activity"].with_user(stranger)
        own = activities.create({"summary": "Mine", "user_id": stranger.id})
        model = self.env["ir.model"]._get("order.expedite")
        for vals in (
            {"res_model_id": model.id, "res_id": emergency.id},
            {"res_model": "order.expedite", "res_id": emergency.id},
        ):
            with self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(AccessError):
            activities.create(
                {"user_id": stranger.id, "res_model_id": model.id, "res_id": emergency.id}
            )
        for record in (emergency, emergency.order_id, emergency.sudo().confirmation_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        # Who may write it plans tasks as ever
        emergency.with_user(self.salesperson).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.salesperson.id
        )

    def test_who_confirmed_the_need_does_not_confirm_the_supply(self):
        both = self.production_user
        both.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        colleague = self._create_user("opc_prod2", self._group("reviewer"))
        self.env["hr.employee"].create(
            {"name": "x", "user_id": colleague.id, "department_id": self.production.id}
        )
        emergency = self._create_emergency()
        emergency.with_user(both).action_confirm_need("2 desks", self.late)
        with self.assertRaises(AccessError):
            emergency.with_user(both).action_confirm_supply("stock")
        emergency.with_user(colleague).action_confirm_supply("stock")

    def test_parts_of_other_departments(self):
        emergency = self._confirm_until("supply")
        for user in (self.salesperson, self.logistics_user, self.purchasing_user, self.auditor):
            with self.assertRaises(AccessError):
                emergency.with_user(user).action_confirm_supply("stock")
            with self.assertRaises(AccessError):
                emergency.with_user(user).action_decline_emergency("No")
        rows = emergency.sudo().confirmation_ids
        for vals in ({"state": "confirmed"}, {"department_id": self.finance.id}):
            with self.assertRaises(AccessError):
                rows.with_user(self.sales_manager).write(vals)
            with self.assertRaises(AccessError):
                emergency.with_user(self.salesperson).write(
                    {"confirmation_ids": [(1, rows[1].id, vals)]}
                )


@tagged("post_install", "-at_install")
class TestAttacksExpedite(ExpediteCommon):
    """What somebody with a login must not reach with expedites."""

    def test_what_is_approved_is_not_edited(self):
        expedite = self._submit()
        scenarios = [{**s, "takes": []} for s in expedite.scenarios]
        for vals in (
            {"scenario": "wait"},
            {"scenarios": scenarios},
            {"state": "approved"},
            {"review_id": False},
            {"requested_by": self.finance_user.id},
            {"editor_ids": [(5,)]},
            {"impact_ids": [(5,)]},
            {"before": {"priority": "1"}},
            {"company_id": self.company.id},
        ):
            with self.assertRaises(AccessError):
                expedite.write(vals)
            with self.assertRaises(AccessError):
                expedite.with_context(order_process_token=True).write(vals)
        for vals in ({"reason": "Other"}, {"needed_by": self._days(30)}, {"tell_customers": True}):
            with self.assertRaises(UserError):
                expedite.write(vals)

    def test_expedites_of_orders_of_others(self):
        for user in (self.other_salesperson, self.finance_user, self.auditor):
            with self.assertRaises(AccessError):
                self._create_expedite(user=user)
            with self.assertRaises(AccessError):
                self.env["order.expedite"].with_user(user).with_context(
                    default_order_id=self.order.id
                ).create({"reason": "x", "needed_by": self._days(2)})

    def test_priority_needs_words(self):
        order = self._create_order()
        for reason in (" ", "\u200b", "\ufeff\n", "\u2060"):
            with self.assertRaises(UserError):
                order.write({"priority": "1", "priority_reason": reason})
            with self.assertRaises(UserError):
                self._create_order(priority="1", priority_reason=reason)
        order.write({"priority": "1", "priority_reason": "They stand still"})
