from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .alerts import AlertCommon

BLANKS = (" ", "\u200b", "\ufeff\n", "\u2060", "\u3164")


@tagged("post_install", "-at_install")
class TestAttacksDeadline(AlertCommon):
    """What somebody with a login must not reach with deadlines and alerts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.entry.exception"].sudo().search([]).unlink()
        cls.rule = cls._create_rule("quantity_above", 777)
        cls.order = cls._create_order(lines=[(cls.product, 778)])
        cls.order.action_register()
        cls.rule._check_isolated()
        cls.alert = cls.env["order.alert"].search([("rule_id", "=", cls.rule.id)])
        cls.tomorrow = fields.Date.today() + timedelta(days=1)

    def test_reasons_that_show_nothing(self):
        for blank in BLANKS:
            with self.assertRaises(UserError):
                self.alert.with_user(self.salesperson).action_resolve(blank, "Asked production")
            with self.assertRaises(UserError):
                self.alert.with_user(self.salesperson).action_resolve("Big customer", blank)
            with self.assertRaises(UserError):
                self.env["order.entry.exception"].with_user(self.salesperson).create(
                    {"date": self.tomorrow, "cut_off": 23.5, "reason": blank}
                )

    def test_screens_of_others(self):
        wizards = self.env["order.alert.resolution"]
        wizard = wizards.with_user(self.salesperson).create(
            {"alert_ids": self.alert.ids, "cause": "Mine"}
        )
        for user in (self.finance_user, self.process_manager):
            with self.assertRaises(AccessError):
                wizard.with_user(user).read(["cause"])
            with self.assertRaises(AccessError):
                wizard.with_user(user).write({"cause": "Theirs"})

    def test_alerts_are_not_written(self):
        notices = self.alert.sudo().notice_ids
        for user in (self.salesperson, self.process_manager, self.auditor):
            for vals in (
                {"state": "resolved"},
                {"user_id": user.id},
                {"figures": "x"},
                {"key": "x"},
                {"is_settled": True},
                {"notice_ids": [(5,)]},
            ):
                with self.assertRaises(AccessError):
                    self.alert.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    self.alert.with_user(user).with_context(order_process_token=True).write(vals)
            with self.assertRaises(AccessError):
                notices.with_user(user).write({"user_id": user.id})
            with self.assertRaises(AccessError):
                self.env["order.alert"].with_user(user).create({"name": "x", "key": "x"})
        with self.assertRaises(AccessError):
            self.env["order.alert"].with_user(self.salesperson).search([("figures", "ilike", "7")])
        with self.assertRaises(AccessError):
            self.env["order.alert"].with_user(self.salesperson).formatted_read_group(
                [], ["figures"], ["__count"]
            )

    def test_nobody_agrees_to_their_own_exception(self):
        manager = self.process_manager
        manager.group_ids |= self.env.ref("sales_team.group_sale_manager")
        self.company.write({"order_director_id": manager.id, "order_unit_manager_id": manager.id})
        exceptions = self.env["order.entry.exception"].with_user(manager)
        own = exceptions.with_context(
            default_requested_by=self.salesperson.id,
            default_state="approved",
            default_director_id=self.finance_user.id,
        ).create(
            {
                "date": self.tomorrow,
                "cut_off": 23.5,
                "reason": "Promotion",
                "requested_by": self.salesperson.id,
                "state": "approved",
            }
        )
        self.assertEqual((own.state, own.requested_by), ("requested", manager))
        self.assertFalse(own.director_id)
        with self.assertRaises(AccessError):
            own.action_approve()
        with self.assertRaises(AccessError):
            own.write({"requested_by": self.salesperson.id})
        # One person does not give both agreements
        other = self.env["order.entry.exception"].with_user(self.salesperson)
        other = other.create({"date": self.tomorrow, "cut_off": 23.5, "reason": "Promotion"})
        other.with_user(manager).action_approve()
        with self.assertRaises(AccessError):
            other.with_user(manager).action_approve()
        self.assertEqual(other.state, "requested")
