import json
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_date

from ..common import OrderProcessCommon


class DeputyCommon(OrderProcessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputies = cls.env["order.deputy"]
        cls.deputies.search([]).unlink()  # the demo data's
        cls.today = fields.Date.today()

    @classmethod
    def _create_absence(cls, person, deputy, first=0, last=0, as_user=None, **vals):
        """Enter an absence from ``first`` to ``last`` days from today."""
        return (
            cls.env["order.deputy"]
            .with_user(as_user or person)
            .create(
                {
                    "user_id": person.id,
                    "deputy_id": deputy.id,
                    "date_from": cls.today + timedelta(days=first),
                    "date_to": cls.today + timedelta(days=last),
                    **vals,
                }
            )
        )

    @contextmanager
    def _refused(self, sentence):
        """What is refused leaves nothing behind, as in a request of its own."""
        with self.assertRaisesRegex(ValidationError, sentence) as caught, self.env.cr.savepoint():
            yield caught

    @classmethod
    def _create_company(cls, *users):
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        for user in users:
            user.company_ids |= company
        return company


@tagged("post_install", "-at_install")
class TestOrderDeputy(DeputyCommon):
    """Absences: what can be entered, and by whom."""

    # === WHAT CAN BE ENTERED ===#

    @mute_logger("odoo.sql_db")
    def test_dates_in_order(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_absence(self.finance_user, self.finance_user2, 2, 1)
        self._create_absence(self.finance_user, self.finance_user2, 1, 1)

    @mute_logger("odoo.sql_db")
    def test_deputy_is_somebody_else(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_absence(self.finance_user, self.finance_user)

    def test_deputy_works_in_the_company(self):
        company = self._create_company(self.finance_user)
        with self._refused("opc_fin2 does not work in Elsewhere"):
            self._create_absence(
                self.finance_user, self.finance_user2, company_id=company.id, as_user=self.env.user
            )
        portal = self._create_user("opc_portal", "base.group_portal")
        with self._refused("opc_portal does not work in"):
            self._create_absence(self.finance_user, portal)
        self.finance_user2.active = False
        with self._refused("opc_fin2 does not work in"):
            self._create_absence(self.finance_user, self.finance_user2)

    def test_one_deputy_a_day(self):
        absence = self._create_absence(self.finance_user, self.finance_user2, 1, 5)
        for first, last in ((5, 9), (0, 1), (2, 3), (0, 9)):
            with self._refused("already entered as absent") as caught:
                self._create_absence(self.finance_user, self.production_user, first, last)
            for text in ("opc_fin2 as the deputy", *map(self._format, (1, 5))):
                self.assertIn(text, str(caught.exception))
        self._create_absence(self.finance_user, self.production_user, 6, 9)
        self._create_absence(self.production_user, self.finance_user2, 1, 5)
        with self._refused("already entered as absent"):
            absence.date_to += timedelta(days=1)

    def _format(self, days):
        return format_date(self.env, self.today + timedelta(days=days))

    def test_name(self):
        absence = self._create_absence(self.finance_user, self.finance_user2, 1, 2)
        self.assertEqual(
            absence.display_name, f"opc_fin, {self._format(1)} to {self._format(2)}: opc_fin2"
        )
        self.assertFalse(self.deputies.new({}).display_name)

    def test_archived_absence_meets_nobody_until_it_returns(self):
        absence = self._create_absence(self.finance_user, self.finance_user2)
        absence.action_archive()
        self._create_absence(self.finance_user, self.production_user)
        with self._refused("already entered as absent"):
            absence.action_unarchive()

    def test_two_companies_two_deputies(self):
        company = self._create_company(self.finance_user, self.production_user)
        self._create_absence(self.finance_user, self.finance_user2)
        self._create_absence(
            self.finance_user, self.production_user, company_id=company.id, as_user=self.env.user
        )
        for place, deputy in (
            (self.company, self.finance_user2),
            (company, self.production_user),
        ):
            self.assertEqual(
                self.deputies._get_deputies(self.finance_user, place), {self.finance_user: deputy}
            )

    # === WHO MAY ENTER IT ===#

    def test_everybody_enters_their_own(self):
        absence = self._create_absence(self.employee, self.salesperson, 1, 2)
        self.assertTrue(absence.can_edit)
        absence.deputy_id = self.other_salesperson
        absence.unlink()
        self.assertFalse(absence.exists())

    def test_form_of_an_employee(self):
        form = Form(
            self.deputies.with_user(self.salesperson),
            view="order_process_control.order_deputy_view_form",
        )
        form.deputy_id = self.other_salesperson
        form.date_to = self.today
        with self.assertRaises(AssertionError):
            form.user_id = self.finance_user
        self.assertEqual(form.save().user_id, self.salesperson)

    def test_nobody_makes_themselves_a_deputy(self):
        salesperson, victim = self.salesperson, self.finance_user
        deputies = self.deputies.with_user(salesperson)
        vals = {
            "deputy_id": salesperson.id,
            "date_from": self.today,
            "date_to": self.today,
        }
        own = self._create_absence(salesperson, self.other_salesperson, 10, 11)
        foreign = self._create_absence(victim, self.finance_user2, 20, 21)
        lent = self._create_absence(self.production_user, salesperson, 30, 31)
        attacks = {
            "create": lambda: deputies.create({**vals, "user_id": victim.id}),
            "default": lambda: deputies.with_context(default_user_id=victim.id).create(vals),
            "one of several": lambda: deputies.create(
                [
                    {**vals, "user_id": salesperson.id, "deputy_id": victim.id},
                    {**vals, "user_id": victim.id},
                ]
            ),
            "write of the person": lambda: own.write(
                {"user_id": victim.id, "deputy_id": salesperson.id}
            ),
            "write of the deputy": lambda: foreign.with_user(salesperson).write(
                {"deputy_id": salesperson.id}
            ),
            "longer": lambda: lent.with_user(salesperson).write(
                {"date_to": self.today + timedelta(days=99)}
            ),
            "archived": lambda: lent.with_user(salesperson).action_archive(),
            "deleted": lambda: foreign.with_user(salesperson).unlink(),
            "deleted by the deputy": lambda: lent.with_user(salesperson).unlink(),
            "copy": lambda: lent.with_user(salesperson).copy(
                {"date_from": self.today, "date_to": self.today}
            ),
        }
        for name, attack in attacks.items():
            with (
                self.subTest(name),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                attack()
                self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(
            self.deputies.search([("deputy_id", "=", salesperson.id), ("user_id", "=", victim.id)])
        )
        self.assertEqual(own.user_id, salesperson)
        self.assertTrue(foreign.exists() and lent.active)

    def test_import_of_a_foreign_absence(self):
        columns = ["user_id/.id", "deputy_id/.id", "date_from", "date_to"]
        row = [str(self.salesperson.id), str(self.today), str(self.today)]
        foreign = self.deputies.with_user(self.salesperson).load(
            columns, [[str(self.finance_user.id), *row]]
        )
        self.assertFalse(foreign["ids"])
        self.assertIn("for yourself only", foreign["messages"][0]["message"])
        own = self.deputies.with_user(self.finance_user).load(
            columns, [[str(self.finance_user.id), *row]]
        )
        self.assertTrue(own["ids"], own["messages"])

    def test_default_of_ones_own_binds_nobody_else(self):
        self.env["ir.default"].with_user(self.salesperson).set(
            "order.deputy", "deputy_id", self.salesperson.id, user_id=self.salesperson.id
        )
        absence = self.deputies.with_user(self.finance_user).new({})
        self.assertFalse(absence.deputy_id)
        with self.assertRaises(AccessError):
            self.env["ir.default"].with_user(self.salesperson).set(
                "order.deputy", "deputy_id", self.salesperson.id
            )

    def test_who_reads_what(self):
        absence = self._create_absence(self.finance_user, self.finance_user2)
        for user, expected in (
            (self.finance_user, absence),
            (self.finance_user2, absence),
            (self.auditor, absence),
            (self.process_manager, absence),
            (self.salesperson, self.deputies),
            (self.employee, self.deputies),
        ):
            self.assertEqual(self.deputies.with_user(user).search([]), expected, user.login)
        self.assertFalse(absence.with_user(self.finance_user2).can_edit)
        with self.assertRaises(AccessError):
            absence.with_user(self.auditor).date_to += timedelta(days=1)

    def test_manager_enters_all_of_their_companies(self):
        absence = self._create_absence(
            self.finance_user, self.finance_user2, as_user=self.process_manager
        )
        absence.deputy_id = self.production_user
        company = self._create_company(self.finance_user, self.finance_user2)
        with self.assertRaises(AccessError):
            self._create_absence(
                self.finance_user,
                self.finance_user2,
                as_user=self.process_manager,
                company_id=company.id,
            )

    # === FOLLOWING ===#

    def _count_changes(self):
        return patch.object(type(self.deputies), "_on_changed", autospec=True)

    def test_changes_are_told(self):
        with self._count_changes() as on_changed:
            absence = self._create_absence(self.finance_user, self.finance_user2)
            absence.date_to += timedelta(days=1)
            absence.unlink()
        self.assertEqual(on_changed.call_count, 3)

    def test_beginnings_and_ends_are_told(self):
        self._create_absence(self.finance_user, self.finance_user2, 10, 20)
        cron = self.env.ref("order_process_control.ir_cron_order_deputy_follow")
        for days, expected in ((0, 0), (10, 1), (15, 0), (21, 1), (30, 0)):
            day = self.today + timedelta(days=days)
            with (
                self._count_changes() as on_changed,
                freeze_time(day),
                self.enter_registry_test_mode(),
            ):
                cron.method_direct_trigger()
            self.assertEqual(on_changed.call_count, expected, days)


@tagged("post_install", "-at_install")
class TestGetDeputies(DeputyCommon):
    """Who stands in for whom."""

    def _get(self, users, day=None):
        return self.deputies._get_deputies(users, self.company, day)

    def _get_one(self, user, day=None):
        return self._get(user, day)[user]

    def test_both_days_are_included(self):
        self._create_absence(self.finance_user, self.finance_user2, 1, 2)
        for days, expected in ((0, 0), (1, 1), (2, 1), (3, 0)):
            day = self.today + timedelta(days=days)
            self.assertEqual(len(self._get_one(self.finance_user, day)), expected, days)
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(len(self._get_one(self.finance_user)), expected, days)

    def test_day_of_the_absent_person(self):
        self._create_absence(self.finance_user, self.finance_user2)
        self.finance_user.tz = "Pacific/Auckland"  # 12 or 13 hours ahead of UTC
        yesterday = self.today - timedelta(days=1)
        with freeze_time(f"{yesterday} 18:00:00"):
            self.assertEqual(self._get_one(self.finance_user), self.finance_user2)
        with freeze_time(f"{self.today} 18:00:00"):
            self.assertFalse(self._get_one(self.finance_user))
        self.finance_user.tz = "America/Los_Angeles"  # 7 or 8 hours behind
        with freeze_time(f"{self.today} 03:00:00"):
            self.assertFalse(self._get_one(self.finance_user))
        with freeze_time(f"{self.today + timedelta(days=1)} 03:00:00"):
            self.assertEqual(self._get_one(self.finance_user), self.finance_user2)

    def test_every_user_is_a_key(self):
        self._create_absence(self.finance_user, self.finance_user2)
        self.assertEqual(
            self._get(self.finance_user | self.production_user),
            {
                self.finance_user: self.finance_user2,
                self.production_user: self.env["res.users"],
            },
        )

    def test_absent_deputy_is_replaced(self):
        self._create_absence(self.finance_user, self.finance_user2)
        self._create_absence(self.finance_user2, self.production_user)
        self._create_absence(self.production_user, self.process_manager)
        self.assertEqual(self._get_one(self.finance_user), self.process_manager)

    def test_circle(self):
        self._create_absence(self.finance_user, self.finance_user2)
        self._create_absence(self.finance_user2, self.production_user)
        self._create_absence(self.production_user, self.finance_user)
        self.assertFalse(any(self._get(self.finance_user | self.finance_user2).values()))

    def test_leavers_neither_lend_nor_stand_in(self):
        self._create_absence(self.finance_user, self.finance_user2)
        self._create_absence(self.production_user, self.finance_user)
        self.finance_user2.active = False
        # An absent deputy whose own deputy has left is still absent
        self.assertFalse(self._get_one(self.finance_user))
        self.assertFalse(self._get_one(self.production_user))
        self.finance_user2.active = True
        self.assertEqual(self._get_one(self.production_user), self.finance_user2)
        self.finance_user.active = False
        self.assertFalse(self._get_one(self.finance_user))

    def test_other_company(self):
        company = self._create_company(self.finance_user, self.finance_user2)
        self._create_absence(
            self.finance_user, self.finance_user2, company_id=company.id, as_user=self.env.user
        )
        self.assertFalse(self._get_one(self.finance_user))
        self.finance_user2.company_ids -= company
        self.assertFalse(self.deputies._get_deputies(self.finance_user, company)[self.finance_user])

    def test_archived_absence(self):
        self._create_absence(self.finance_user, self.finance_user2).active = False
        self.assertFalse(self._get_one(self.finance_user))
        self.assertFalse(
            self.deputies.with_context(active_test=False)._get_deputies(
                self.finance_user, self.company
            )[self.finance_user]
        )

    def test_everybody_gets_the_same_answer(self):
        self._create_absence(self.finance_user, self.finance_user2)
        deputies = self.deputies.with_user(self.employee)
        answer = deputies._get_deputies(self.finance_user, self.company)
        self.assertEqual(answer, {self.finance_user: self.finance_user2})
        self.assertFalse(answer[self.finance_user].env.su)

    def test_one_query(self):
        users = self.env["res.users"]
        for number in range(20):
            user = self._create_user(f"opc_many{number}", "base.group_user")
            self._create_absence(user, users[-1:] or self.finance_user)
            users |= user
        self._get(users)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            answer = self._get(users)
        self.assertEqual(set(answer.values()), {self.finance_user})

    def test_dates_of_the_database(self):
        """No implicit cast: dates come back as dates."""
        self._create_absence(self.finance_user, self.finance_user2, 400, 500)
        day = date(self.today.year, self.today.month, 1) + timedelta(days=450)
        self.assertEqual(self._get_one(self.finance_user, day), self.finance_user2)


@tagged("post_install", "-at_install")
class TestDeputyHttp(DeputyCommon, HttpCase):
    """What a client can do over the wire."""

    @mute_logger("odoo.http")
    def test_salesperson_over_rpc(self):
        own = self._create_absence(self.salesperson, self.other_salesperson)
        vals = {
            "deputy_id": self.salesperson.id,
            "date_from": str(self.today),
            "date_to": str(self.today),
        }
        forged = {"context": {"default_user_id": self.finance_user.id, "order_process_token": True}}
        self.authenticate("opc_sales", "opc_sales")
        for method, args, kwargs in (
            ("create", [[{**vals, "user_id": self.finance_user.id}]], {}),
            ("create", [[vals]], forged),
            ("write", [own.ids, {**vals, "user_id": self.finance_user.id}], {}),
            (
                "web_save",
                [[], {**vals, "user_id": self.finance_user.id}],
                {"specification": {}},
            ),
            ("_get_deputies", [self.finance_user.ids, 1], {}),
        ):
            response = self.url_open(
                "/web/dataset/call_kw",
                data=json.dumps(
                    {
                        "params": {
                            "model": "order.deputy",
                            "method": method,
                            "args": args,
                            "kwargs": kwargs,
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertEqual(
                response["error"]["data"]["name"], "odoo.exceptions.AccessError", method
            )
        self.env.invalidate_all()
        self.assertFalse(self.deputies.search([("user_id", "=", self.finance_user.id)]))
        self.assertEqual(own.user_id, self.salesperson)
