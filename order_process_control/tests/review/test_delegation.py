from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestDelegation(RoundsCommon):
    """Letting a colleague sign, for a time and under the same rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.delegate = cls._create_reviewer("opc_delegate")
        cls.tomorrow = fields.Date.to_string(fields.Date.today() + timedelta(days=1))

    def _delegate(self, order, user=None, to=None, until=None, name="Finance"):
        signoff = self._signoff(order, name).with_user(user or self.finance_user)
        return signoff.action_delegate((to or self.delegate).id, until or self.tomorrow)

    def test_delegate_signs_beside_those_who_were_asked(self):
        order = self._submit()
        self._delegate(order)
        everybody = self.finance_user | self.finance_user2 | self.delegate
        self.assertEqual(self._able(order, "Finance"), everybody)
        self.assertEqual(self._bells(self._signoff(order, "Finance")), everybody)
        self._approve(order, "Finance", self.delegate)
        self.assertEqual(order.review_state, "approved")
        self.assertEqual(self._signoff(order, "Finance").vote_ids.entitlement, "delegate")
        self.assertFalse(self._bells(self._signoff(order, "Finance")))
        self._assert_ledger_intact(order)

    def test_manager_keeps_the_right_to_sign(self):
        boss = self._create_reviewer("opc_boss")
        self.finance.manager_id = self._join(boss, self.finance)
        self.step.decision_rule = "manager"
        order = self._submit()
        self._delegate(order, boss)
        self.assertEqual(self._able(order, "Finance"), boss | self.delegate)
        self._approve(order, "Finance", boss)
        self.assertEqual(self._signoff(order, "Finance").vote_ids.entitlement, "department_manager")

    def test_next_in_line_keeps_the_right_to_sign(self):
        self.step.department_id = False
        order = self._submit()
        self._delegate(order, self.process_manager)
        self.assertEqual(self._able(order, "Finance"), self.process_manager | self.delegate)

    def test_barred_people_are_refused(self):
        self._create_step("Production", self.production)
        self._create_user("opc_editor", "sales_team.group_sale_manager")
        order = self._submit()
        self._approve(order, "Production", self.production_user)
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        for user in (self.salesperson, self.employee, self.production_user, portal):
            with self.assertRaisesRegex(UserError, "cannot sign"), self.env.cr.savepoint():
                self._delegate(order, to=user)
        self.env.invalidate_all()
        self.assertFalse(self._signoff(order, "Finance").delegate_id)
        self.delegate.active = False
        with self.assertRaisesRegex(UserError, "cannot sign"), self.env.cr.savepoint():
            self._delegate(order)
        with self.assertRaisesRegex(UserError, "Choose a colleague"):
            self._delegate(order, to=self.finance_user)

    def test_only_who_may_sign_delegates(self):
        order = self._submit()
        for user in (self.salesperson, self.sales_manager, self.process_manager):
            with self.assertRaises(UserError):
                self._delegate(order, user)

    def test_until_when(self):
        order = self._submit()
        for until in ("2020-01-01", "", None, False, "tomorrow", 5, {}, [], "9999-99-99"):
            with self.assertRaisesRegex(UserError, "until|future"):
                self._signoff(order, "Finance").with_user(self.finance_user).action_delegate(
                    self.delegate.id, until
                )
        self.finance_user.tz = "Pacific/Kiritimati"
        with freeze_time("2031-05-05 12:00:00"):
            # There it is 2 in the morning of the 6th
            with self.assertRaisesRegex(UserError, "future"):
                self._delegate(order, until="2031-05-05")
            self._delegate(order, until="2031-05-06")
            signoff = self._signoff(order, "Finance")
            self.assertEqual(str(signoff.delegated_until), "2031-05-06 09:59:59")
            self.assertIn(self.delegate, self._able(order, "Finance"))
        with freeze_time("2031-05-06 10:00:00"):
            self.assertNotIn(self.delegate, self._able(order, "Finance"))
            with self.assertRaisesRegex(UserError, "is signed by"):
                self._approve(order, "Finance", self.delegate)
            self.assertIn(self.delegate, self._bells(signoff))
            self.env["order.deputy"]._cron_follow()
            self.assertEqual(self._bells(signoff), self.finance_user | self.finance_user2)

    def test_another_delegate_takes_over(self):
        order = self._submit()
        self._delegate(order)
        self._delegate(order, to=self.production_user)
        expected = self.finance_user | self.finance_user2 | self.production_user
        self.assertEqual(self._able(order, "Finance"), expected)
        self.assertEqual(self._bells(self._signoff(order, "Finance")), expected)

    def test_delegate_does_not_delegate_further(self):
        order = self._submit()
        self._delegate(order)
        with self.assertRaisesRegex(UserError, "you sign for somebody else"):
            self._delegate(order, self.delegate, self.production_user, "2099-01-01")

    def test_delegation_ends_with_its_giver(self):
        order = self._submit()
        self._delegate(order)
        self.finance_user.action_archive()
        self.assertEqual(self._able(order, "Finance"), self.finance_user2)
        self.assertEqual(self._bells(self._signoff(order, "Finance")), self.finance_user2)

    def test_delegate_and_giver_are_one_of_a_number(self):
        third = self._create_reviewer("opc_third")
        self._join(third, self.finance)
        self.step.write({"decision_rule": "number", "required_count": 2})
        order = self._submit()
        self._delegate(order)
        self._approve(order, "Finance", self.delegate)
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "in_review")
        self._approve(order, "Finance", third)
        self.assertEqual(order.review_state, "approved")

    def test_delegate_signs_for_the_giver_where_all_sign(self):
        self.step.decision_rule = "all"
        order = self._submit()
        self._delegate(order)
        self._approve(order, "Finance", self.delegate)
        self.assertEqual(order.review_state, "in_review")
        self._approve(order, "Finance", self.finance_user2)
        self.assertEqual(order.review_state, "approved")

    def test_wizard(self):
        order = self._submit()
        signoff = self._signoff(order, "Finance").with_user(self.finance_user)
        action = signoff.action_open_delegation()
        wizard = self.env[action["res_model"]].with_user(self.finance_user).browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Choose a colleague"):
            wizard.action_run()
        wizard.user_id = self.delegate
        wizard.action_run()
        self.assertIn(self.delegate, self._able(order, "Finance"))

    def test_decided_signoff_is_not_delegated(self):
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        with self.assertRaisesRegex(UserError, "not open any more"):
            self._delegate(order)
