from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketSample(TicketCommon):
    """Tickets of a period, drawn at random and looked at again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_category = cls.env["order.ticket.category"].create({"name": "Other problem"})
        cls.closed = cls.env["order.ticket"]
        for number in range(6):
            category = cls.other_category if number == 5 else cls.category
            cls.closed |= cls._create_ticket(category_id=category.id)
        cls.closed.sudo()._set_state("closed", closed_at=datetime(2020, 3, 10, 12))
        cls.open = cls._create_ticket()
        cls.later = cls._create_ticket()
        cls.later.sudo()._set_state("closed", closed_at=datetime(2020, 4, 1, 0))

    def _create_sample(self, **vals):
        return (
            self.env["order.ticket.sample"]
            .with_user(self.process_manager)
            .create(
                {
                    "name": "March",
                    "date_from": "2020-03-01",
                    "date_to": "2020-03-31",
                    "size": 3,
                    **vals,
                }
            )
        )

    def _draw(self, **vals):
        sample = self._create_sample(**vals)
        sample.action_draw()
        return sample

    def test_drawn_from_the_closed_ones_of_the_period(self):
        sample = self._draw()
        self.assertEqual(len(sample.line_ids.ticket_id), 3)
        self.assertLessEqual(sample.line_ids.ticket_id, self.closed)
        self.assertEqual((sample.population, sample.open_count), (6, 3))
        self.assertEqual(sample.drawn_by, self.process_manager)
        self.assertTrue(sample.drawn_at)

    def test_all_where_there_are_fewer(self):
        self.assertEqual(self._draw(size=50).line_ids.ticket_id, self.closed)
        narrow = self._draw(size=50, category_ids=self.other_category.ids)
        self.assertEqual(narrow.line_ids.ticket_id, self.closed[5])
        with self.assertRaises(UserError):
            self._draw(team_ids=self.second_line.ids)

    def test_not_always_the_same(self):
        # Eleven times the same three of six by chance: once in 20 ** 10
        drawn = {tuple(self._draw().line_ids.ticket_id.ids) for _number in range(11)}
        self.assertGreater(len(drawn), 1)

    def test_days_are_those_of_who_draws(self):
        self.process_manager.tz = "America/New_York"
        self.assertEqual(self._draw().population, 7)
        self.process_manager.tz = "Asia/Shanghai"
        self.assertEqual(self._draw().population, 6)

    def test_drawn_once_and_kept(self):
        sample = self._draw()
        tickets = sample.line_ids.ticket_id
        for call in (
            lambda: sample.action_draw(),
            lambda: sample.write({"size": 1}),
            lambda: sample.write({"date_to": "2020-05-01"}),
            lambda: sample.unlink(),
        ):
            with self.assertRaises(UserError):
                call()
        for call in (
            lambda: sample.write({"drawn_by": self.auditor.id}),
            lambda: sample.line_ids[0].write({"ticket_id": self.later.id}),
            lambda: sample.line_ids[0].write({"checked_by": self.auditor.id}),
            lambda: sample.line_ids[0].unlink(),
            lambda: sample.write({"line_ids": [(0, 0, {"ticket_id": self.later.id})]}),
            lambda: sample.with_context(order_process_token=True).write({"population": 1}),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(sample.line_ids.ticket_id, tickets)

    def test_nothing_is_put_on_it_by_hand(self):
        sample = self._create_sample(
            drawn_at="2020-01-01 00:00:00", line_ids=[(0, 0, {"ticket_id": self.later.id})]
        )
        self.assertFalse(sample.drawn_at or sample.line_ids)

    def test_result_of_each_ticket(self):
        sample = self._draw()
        first, second, _third = sample.line_ids
        first.result = "passed"
        with self.assertRaises(ValidationError):
            second.result = "failed"
        second.write({"result": "failed", "note": "The customer was never called"})
        self.assertEqual(second.checked_by, self.process_manager)
        self.assertTrue(second.checked_at)
        self.assertEqual((sample.open_count, sample.failed_count), (1, 1))
        self.assertIn("never called", sample.message_ids[0].body)

    def test_on_the_form(self):
        with Form(self._draw()) as form:
            with form.line_ids.edit(0) as line:
                line.result = "remarks"
                line.note = "No photo"
        self.assertEqual(form.record.line_ids[0].result, "remarks")

    def test_managers_draw_and_auditors_read(self):
        sample = self._draw()
        self.assertEqual(
            sample.with_user(self.auditor).line_ids.ticket_id, sample.line_ids.ticket_id
        )
        fresh = self._create_sample()
        for user in (self.auditor, self.agent, self.leader, self.salesperson, self.employee):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    fresh.with_user(user).action_draw()
                with self.assertRaises(AccessError):
                    sample.line_ids[0].with_user(user).write({"result": "passed"})
        for user in (self.agent, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                sample.with_user(user).read(["name"])

    def test_other_companies_stay_apart(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.process_manager.company_ids = [(4, company.id)]
        sample = self._create_sample()
        with self.assertRaises(UserError):
            self._draw(company_id=company.id)
        found = self.env["order.ticket.sample"].with_user(self.process_manager)
        found = found.with_context(allowed_company_ids=company.ids).search([])
        self.assertNotIn(sample, found)
