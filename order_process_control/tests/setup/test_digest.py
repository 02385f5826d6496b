from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..review.rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestDigest(RoundsCommon):
    """The figures that managers read by mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.other = cls.env["res.company"].create({"name": "Quiet"})
        cls.env["order.signoff"].search([("state", "=", "pending")]).review_id._close(
            "cancelled", []
        )
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Reviews",
                "company_id": cls.company.id,
                "kpi_order_reviews": True,
                "kpi_order_release_hours": True,
                "kpi_order_open_signoffs": True,
            }
        )

    def _values(self, digests=None, user=None, **days):
        """Return the figures of the days that begin ``start`` days ago."""
        self.env.flush_all()
        now = fields.Datetime.now() + timedelta(seconds=1)
        digests = (digests or self.digest).with_user(user or self.process_manager)
        digests = digests.with_context(
            start_datetime=now - timedelta(days=days.get("start", 7)),
            end_datetime=now - timedelta(days=days.get("end", 0)),
        )
        digests.invalidate_recordset()
        return [
            (
                digest.kpi_order_reviews_value,
                round(digest.kpi_order_release_hours_value, 1),
                digest.kpi_order_open_signoffs_value,
            )
            for digest in digests
        ]

    def _age(self, review, hours):
        """Let a review have been decided so long ago."""
        moment = review.decided_at - timedelta(hours=hours)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE order_review SET decided_at = %s WHERE id = %s", (moment, review.id)
        )
        self.env.cr.execute(
            "UPDATE order_signoff SET decided_at = %s, pending_since = %s WHERE review_id = %s",
            (moment, moment - timedelta(hours=1), review.id),
        )
        self.env.invalidate_all()

    def test_figures(self):
        before = self._values()[0]
        approved, rejected, _open = self._submit(), self._submit(), self._submit()
        self._approve(approved, "Finance", self.finance_user)
        self._reject(rejected, "Finance", self.finance_user)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET registered_at = registered_at - interval '6 hours'"
            " WHERE id = %s",
            (approved.id,),
        )
        reviews, hours, signoffs = self._values()[0]
        self.assertEqual(reviews - before[0], 2)
        self.assertEqual(signoffs - before[2], 1)
        if not before[0]:
            self.assertEqual(hours, 6.0)

    def test_periods(self):
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        self._age(order.current_review_id, 72)
        before = self._values(start=30, end=10)[0]
        self.assertGreaterEqual(self._values(start=7)[0][0], 1)
        recent = self._values(start=1)[0][0]
        self._age(order.current_review_id, -72)
        self.assertEqual(self._values(start=1)[0][0], recent + 1)
        self.assertEqual(self._values(start=30, end=10)[0], before)

    def test_each_company_its_own_in_a_constant_number_of_queries(self):
        self._submit()
        other = self.digest.copy({"company_id": self.other.id})
        both = self.digest | other
        first, second = self._values(both)
        self.assertGreaterEqual(first[2], 1)
        self.assertEqual(second, (0, 0.0, 0))

        def count(digests):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._values(digests)
            return self.env.cr.sql_log_count - before

        count(both)
        self.assertLessEqual(count(both), count(self.digest) + 1)

    def test_in_the_mail_of_who_may_know_and_of_nobody_else(self):
        self.env.flush_all()
        names = {"kpi_order_reviews", "kpi_order_release_hours", "kpi_order_open_signoffs"}
        for user, expected in (
            (self.process_manager, names),
            (self.auditor, names),
            (self.sales_manager, names),
            (self.salesperson, set()),
            (self.employee, set()),
        ):
            with self.subTest(user.login):
                kpis = self.digest._compute_kpis(self.company, user)
                self.assertEqual({kpi["kpi_name"] for kpi in kpis} & names, expected)

    def test_default_digest_has_them(self):
        digest = self.env.ref("digest.digest_digest_default")
        self.assertTrue(digest.kpi_order_reviews and digest.kpi_order_open_signoffs)

    def test_figures_of_a_company_of_others(self):
        """No rule stops a statement of ours: the reader's companies do."""
        self._submit()
        auditor = self.auditor
        self.assertGreaterEqual(self._values(user=auditor)[0][2], 1)
        auditor.write({"company_ids": [(6, 0, self.other.ids)], "company_id": self.other.id})
        self.assertEqual(self._values(user=auditor)[0], (0, 0.0, 0))

    def test_read_without_a_period(self):
        digest = self.digest.with_user(self.process_manager)
        self.assertEqual(digest.kpi_order_reviews_value, 0)
