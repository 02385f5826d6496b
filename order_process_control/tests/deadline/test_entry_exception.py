from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestEntryException(AlertCommon):
    """R-032: two managers agree to another cut-off, then Finance is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The demo data has some of its own
        cls.env["order.entry.exception"].sudo().search([]).unlink()
        cls.director = cls._create_user("opc_director", "sales_team.group_sale_manager")
        cls.unit_manager = cls._create_user("opc_unit", "base.group_user")
        cls.finance.manager_id = cls.finance.member_ids.filtered(
            lambda e: e.user_id == cls.finance_user
        )
        cls.company.write(
            {
                "order_director_id": cls.director.id,
                "order_unit_manager_id": cls.unit_manager.id,
                "order_finance_department_id": cls.finance.id,
            }
        )
        cls.tomorrow = fields.Date.today() + timedelta(days=1)

    def _request(self, user=None, **vals):
        return (
            self.env["order.entry.exception"]
            .with_user(user or self.salesperson)
            .create({"date": self.tomorrow, "cut_off": 23.5, "reason": "Promotion", **vals})
        )

    def _agree(self, exception, *users):
        for user in users:
            exception.with_user(user).action_approve()

    def test_two_agree_and_finance_is_told(self):
        exception = self._request()
        self.assertEqual(exception.sudo().activity_ids.user_id, self.director | self.unit_manager)
        self._agree(exception, self.unit_manager)
        self.assertEqual(exception.state, "requested")
        self.assertEqual(exception.sudo().activity_ids.user_id, self.director)
        self._agree(exception, self.director)
        self.assertRecordValues(
            exception.sudo(),
            [
                {
                    "state": "approved",
                    "requested_by": self.salesperson.id,
                    "director_id": self.director.id,
                    "unit_manager_id": self.unit_manager.id,
                    "told_ids": self.finance_user.ids,
                }
            ],
        )
        self.assertEqual(exception.sudo().activity_ids.user_id, self.finance_user)

    def test_two_different_people(self):
        """Also where one person is both, and never who asks."""
        self.company.order_unit_manager_id = self.director
        exception = self._request()
        self._agree(exception, self.director)
        with self.assertRaises(AccessError):
            self._agree(exception, self.director)
        self.assertEqual(exception.state, "requested")
        own = self._request(self.director)
        with self.assertRaises(AccessError):
            self._agree(own, self.director)

    def test_others_do_not_agree(self):
        exception = self._request()
        for user in (self.salesperson, self.sales_manager, self.process_manager, self.employee):
            self.assertFalse(exception.with_user(user).can_approve)
            with self.assertRaises(AccessError):
                self._agree(exception, user)
            with self.assertRaises(AccessError):
                exception.with_user(user).action_refuse("no")

    def test_nobody_named(self):
        """Then any sales manager and any process manager, not two of a kind."""
        self.company.write({"order_director_id": False, "order_unit_manager_id": False})
        exception = self._request()
        self._agree(exception, self.sales_manager)
        with self.assertRaises(AccessError):
            self._agree(exception, self.director)
        self._agree(exception, self.process_manager)
        self.assertEqual(exception.state, "approved")

    def test_deputy_agrees(self):
        self.env["order.deputy"].create(
            {
                "user_id": self.director.id,
                "deputy_id": self.employee.id,
                "date_from": fields.Date.today() - timedelta(days=1),
                "date_to": self.tomorrow,
            }
        )
        exception = self._request()
        self._agree(exception, self.employee, self.unit_manager)
        self.assertEqual(exception.director_id, self.employee)

    def test_refused_and_withdrawn(self):
        exception = self._request()
        exception.with_user(self.director).action_refuse("  Not this time ")
        self.assertEqual((exception.state, exception.refusal_reason), ("refused", "Not this time"))
        self.assertFalse(exception.sudo().activity_ids)
        with self.assertRaises(UserError):
            self._agree(exception, self.unit_manager)
        own = self._request()
        with self.assertRaises(AccessError):
            own.with_user(self.other_salesperson).action_withdraw()
        own.action_withdraw()
        self.assertEqual(own.state, "withdrawn")

    def test_one_a_day(self):
        first, second = self._request(), self._request(cut_off=24.5)
        self._agree(first, self.director, self.unit_manager)
        self._agree(second, self.director)
        with self.assertRaises(UserError):
            self._agree(second, self.unit_manager)

    def test_form(self):
        """What is stamped on the server keeps nobody from saving."""
        with Form(self.env["order.entry.exception"].with_user(self.salesperson)) as form:
            form.date = self.tomorrow
            form.reason = "Promotion"
        self.assertRecordValues(
            form.record,
            [{"cut_off": 23, "state": "requested", "requested_by": self.salesperson.id}],
        )

    def test_not_afterwards(self):
        with self.assertRaises(UserError):
            self._request(date=fields.Date.today() - timedelta(days=2))
        exception = self._request()
        self._set(exception, date=fields.Date.today() - timedelta(days=3))
        with self.assertRaises(UserError):
            self._agree(exception, self.director)

    def test_what_is_asked(self):
        for vals in ({"cut_off": 0}, {"cut_off": 49}, {"cut_off": float("nan")}, {"reason": " "}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._request(**vals)

    def test_forged(self):
        """Neither by values, nor by defaults, nor by writing afterwards."""
        forged = {
            "state": "approved",
            "director_id": self.director.id,
            "unit_manager_id": self.unit_manager.id,
            "requested_by": self.other_salesperson.id,
        }
        exception = self._request(**forged)
        context = {f"default_{name}": value for name, value in forged.items()}
        other = (
            self.env["order.entry.exception"]
            .with_user(self.salesperson)
            .with_context(**context)
            .create({"date": self.tomorrow, "cut_off": 23, "reason": "x"})
        )
        for each in exception | other:
            self.assertEqual((each.state, each.requested_by), ("requested", self.salesperson))
            self.assertFalse(each.director_id | each.unit_manager_id)
        for user in (self.salesperson, self.director, self.process_manager):
            with self.assertRaises(AccessError):
                exception.with_user(user).write({"state": "approved"})
            with self.assertRaises(AccessError):
                exception.with_user(user).cut_off = 30
            with self.assertRaises(AccessError):
                exception.with_user(user).unlink()

    @mute_logger("odoo.sql_db")
    def test_database_keeps_the_two(self):
        exception = self._request()
        with self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            self._set(exception, state="approved", director_id=self.director.id)

    def test_who_asks(self):
        with self.assertRaises(AccessError):
            self._request(self.employee)
        company = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self._request(company_id=company.id)
        foreign = self._request(self.salesperson).sudo()
        self._set(foreign, company_id=company.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.director).action_approve()

    def test_finance_without_department(self):
        self.company.order_finance_department_id = False
        exception = self._request()
        self._agree(exception, self.director, self.unit_manager)
        self.assertEqual(exception.sudo().told_ids, self.process_manager)
