from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .rounds import RoundsCommon

MONDAY = "2026-03-02 09:00:00"


@tagged("post_install", "-at_install")
class TestOverview(RoundsCommon):
    """A card a department: what it has to sign, what of it is late, and how fast it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.deadline.policy"].search([("clock", "=", "signoff")]).action_archive()
        cls.policy = cls.env["order.deadline.policy"].create(
            {
                "name": "Two hours",
                "clock": "signoff",
                "time_basis": "elapsed",
                "line_ids": [fields.Command.create({"minutes": 120})],
            }
        )
        cls._create_step("Finance", cls.finance)
        cls._create_step("Production", cls.production)

    def _request(self, at=MONDAY):
        with freeze_time(at):
            order = self._create_order()
            order.action_request_review()
        self.env.flush_all()
        return order

    def _card(self, user, department=None):
        self.env.invalidate_all()
        return (department or self.finance).with_user(user)

    def _counts(self, user, department=None):
        card = self._card(user, department)
        return (card.signoff_count, card.signoff_due_count, card.signoff_overdue_count)

    def test_departments_that_sign(self):
        idle = self._create_department("Idle", self.env["res.users"])
        found = self.env["hr.department"].with_user(self.finance_user)
        mine = (self.finance | self.production | idle).ids
        found = found.search([("id", "in", mine), ("signs_orders", "=", True)])
        self.assertEqual(found, self.finance | self.production)
        self.assertTrue(self._card(self.finance_user).signs_orders)
        self.assertFalse(self._card(self.finance_user, idle).signs_orders)

    def test_due_and_overdue(self):
        self._request()
        with freeze_time("2026-03-02 10:00:00"):
            self.assertEqual(self._counts(self.finance_user), (1, 1, 0))
        with freeze_time("2026-03-02 12:00:00"):
            self.assertEqual(self._counts(self.finance_user), (1, 0, 1))

    def test_counts_are_of_what_one_may_read(self):
        self._request()
        with freeze_time("2026-03-02 10:00:00"):
            self.assertEqual(self._counts(self.auditor), (1, 1, 0))
            self.assertEqual(self._counts(self.other_salesperson), (0, 0, 0))

    def test_cards_lead_to_what_they_count(self):
        order = self._request()
        with freeze_time("2026-03-02 12:00:00"):
            card = self._card(self.finance_user)
            for action, found in (
                (card.action_open_signoffs(), True),
                (card.action_open_signoffs_due(), False),
                (card.action_open_signoffs_overdue(), True),
            ):
                signoffs = self.env["order.signoff"].with_user(self.finance_user)
                signoffs = signoffs.search(action["domain"])
                self.assertEqual(self._signoff(order, "Finance") in signoffs, found)

    def test_speed_of_the_last_days(self):
        order, late_order = self._request(), self._request()
        self.assertFalse(self._card(self.finance_user).signoff_time)
        with freeze_time("2026-03-02 10:00:00"):
            self._approve(order, "Finance", self.finance_user)
        with freeze_time("2026-03-02 12:30:00"):
            self._approve(late_order, "Finance", self.finance_user)
            self.env.flush_all()
            card = self._card(self.other_salesperson)
            self.assertEqual((card.signoff_time, card.signoff_on_time_rate), ("2 h 15 min", 50))
            self.assertFalse(self._card(self.auditor, self.production).signoff_time)
        later = fields.Datetime.from_string(MONDAY) + timedelta(days=31)
        with freeze_time(later):
            self.assertFalse(self._card(self.auditor).signoff_time)

    def test_any_number_of_cards_takes_as_many_queries(self):
        self._request()
        departments = self.finance | self.production
        names = ["signoff_count", "signoff_due_count", "signoff_overdue_count", "signoff_time"]

        def count(cards):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards.with_user(self.auditor).read(names)
            return self.env.cr.sql_log_count - before

        count(departments)
        self.assertEqual(count(departments), count(self.finance))
