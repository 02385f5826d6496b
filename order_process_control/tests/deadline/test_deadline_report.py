from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestDeadlineReport(OrderProcessCommon):
    """The analysis reads deadlines alone, and everybody only their part of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.other_order = cls._create_order(user=cls.other_salesperson)
        cls.policy = cls.env["order.deadline.policy"].create(
            {
                "name": "Test",
                "clock": "signoff",
                "time_basis": "elapsed",
                "line_ids": [fields.Command.create({"minutes": 120})],
            }
        )
        cls.met = cls._start(cls.order, cls.finance, hours_ago=1)
        cls.late = cls._start(cls.order, cls.finance, hours_ago=5)
        cls.void = cls._start(cls.order, cls.finance, hours_ago=1)
        cls.running = cls._start(cls.other_order, cls.production, hours_ago=0)
        cls.met._stop()
        cls.late._stop()
        cls.void._cancel()
        cls.env.flush_all()

    @classmethod
    def _start(cls, order, department, hours_ago):
        return cls.env["order.deadline"]._start_many(
            [
                {
                    "record": order,
                    "clock": "signoff",
                    "policy": cls.policy,
                    "name": order.name,
                    "order_id": order.id,
                    "company_id": cls.company.id,
                    "department_id": department.id,
                    "at": fields.Datetime.now() - timedelta(hours=hours_ago),
                }
            ]
        )

    def _report(self, user):
        mine = self.met | self.late | self.void | self.running
        report = self.env["order.deadline.report"].with_user(user)
        return report.search([("deadline_id", "in", mine.ids)])

    def test_figures_in_hours(self):
        by_id = {row.deadline_id: row for row in self._report(self.auditor)}
        met, late, running = by_id[self.met], by_id[self.late], by_id[self.running]
        self.assertAlmostEqual(met.used_hours, 1, 1)
        self.assertEqual((met.state, met.on_time_rate, met.delay_hours), ("met", 100, 0))
        self.assertAlmostEqual(late.used_hours, 5, 1)
        self.assertAlmostEqual(late.delay_hours, 3, 1)
        self.assertEqual((late.state, late.on_time_rate), ("missed", 0))
        self.assertEqual((running.state, running.allowed_hours), ("running", 2))

    def test_what_does_not_apply_is_left_out(self):
        self.assertNotIn(self.void, self._report(self.auditor).deadline_id)

    def test_what_is_not_decided_does_not_lower_the_rate(self):
        [[rate, hours, count]] = self.env["order.deadline.report"]._read_group(
            [("deadline_id", "in", (self.met | self.late | self.running).ids)],
            [],
            ["on_time_rate:avg", "used_hours:avg", "__count"],
        )
        self.assertEqual((rate, count), (50, 3))
        self.assertAlmostEqual(hours, 3, 1)

    def test_reviewers_see_their_department(self):
        rows = self._report(self.finance_user)
        self.assertEqual(rows.deadline_id, self.met | self.late)
        self.assertEqual(self._report(self.production_user).deadline_id, self.running)

    def test_who_leads_sales_sees_all_orders(self):
        rows = self._report(self.sales_manager)
        self.assertEqual(rows.deadline_id, self.met | self.late | self.running)

    def test_others_are_refused(self):
        for user in (self.employee, self.salesperson):
            with self.assertRaises(AccessError):
                self._report(user)

    def test_other_companies_stay_apart(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.auditor.write({"company_ids": [(4, company.id)]})
        report = self.env["order.deadline.report"].with_user(self.auditor)
        rows = report.with_context(allowed_company_ids=company.ids).search(
            [("deadline_id", "in", self.met.ids)]
        )
        self.assertFalse(rows)
