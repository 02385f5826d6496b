from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeadlineCommon


@tagged("post_install", "-at_install")
class TestDeadlineAccess(DeadlineCommon):
    """Who reads which promises and alerts; nobody writes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deadline = cls._start(at="2020-03-02 10:00")
        cls.env["order.alert"]._raise(
            [
                {
                    "key": f"deadline:{cls.deadline.id}",
                    "name": "Late",
                    "level": "2",
                    "deadline_id": cls.deadline.id,
                    "company_id": cls.company.id,
                    "department_id": cls.finance.id,
                    "recipients": [cls.finance_user2.id],
                }
            ]
        )
        cls.alert = cls.alerts.search([("deadline_id", "=", cls.deadline.id)])

    def _can_read(self, records, user):
        return bool(records.with_user(user).search([("id", "in", records.ids)]))

    def test_who_reads_deadlines(self):
        for records in (self.deadline, self.deadline.event_ids):
            for user in (
                *(self.salesperson, self.sales_manager, self.auditor, self.process_manager),
                *(self.finance_user, self.manager_user),
            ):
                with self.subTest(user=user.login, model=records._name):
                    self.assertTrue(self._can_read(records, user))
            for user in (self.other_salesperson, self.production_user, self.employee):
                with self.subTest(user=user.login, model=records._name):
                    self.assertFalse(self._can_read(records, user))
                    with self.assertRaises(AccessError):
                        records.with_user(user).read(["display_name"])

    def test_without_order_it_is_for_the_department_and_the_owner(self):
        deadline = self._start(order_id=False, user_id=self.employee.id)
        for user in (self.employee, self.finance_user, self.auditor):
            self.assertTrue(self._can_read(deadline, user))
        for user in (self.salesperson, self.sales_manager, self.production_user):
            self.assertFalse(self._can_read(deadline, user))

    def test_who_reads_alerts(self):
        for records in (self.alert, self.alert.notice_ids):
            for user in (
                *(self.finance_user2, self.manager_user, self.auditor, self.process_manager),
            ):
                with self.subTest(user=user.login, model=records._name):
                    self.assertTrue(self._can_read(records, user))
            for user in (self.other_salesperson, self.production_user, self.employee):
                with self.subTest(user=user.login, model=records._name):
                    self.assertFalse(self._can_read(records, user))

    def test_other_companies_read_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_stranger", self._group("manager"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.policy.company_id = self.company
        for records in (
            *(self.deadline, self.deadline.event_ids, self.alert, self.alert.notice_ids),
            *(self.policy, self.policy.line_ids),
        ):
            with self.subTest(model=records._name):
                self.assertFalse(self._can_read(records, stranger))

    def test_nobody_writes(self):
        for user in (self.salesperson, self.finance_user2, self.process_manager, self.auditor):
            for records in (
                *(self.deadline, self.deadline.event_ids, self.alert, self.alert.notice_ids),
            ):
                for operation in ("create", "write", "unlink"):
                    with self.subTest(user=user.login, model=records._name):
                        self.assertFalse(
                            self.env[records._name].with_user(user).has_access(operation)
                        )
                with self.assertRaises(AccessError):
                    records.with_user(user).write({"write_date": "2020-01-01"})

    def test_who_acknowledges_and_resolves(self):
        for user in (self.other_salesperson, self.production_user, self.auditor, self.employee):
            alert = self.alert.with_user(user)
            with self.assertRaises(AccessError):
                alert.action_acknowledge()
            with self.assertRaises(AccessError):
                alert.action_resolve("Cause", "Measure")
        self.assertEqual(self.alert.state, "new")
        self.alert.with_user(self.finance_user2).action_acknowledge()
        self.alert.with_user(self.manager_user).action_resolve("Cause", "Measure")
        self.assertEqual(self.alert.state, "resolved")
