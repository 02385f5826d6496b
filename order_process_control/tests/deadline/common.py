from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo.tests import freeze_time

from ..common import OrderProcessCommon, without_commits


class DeadlineCommon(OrderProcessCommon):
    """A policy, a calendar and people; nobody but the tests' own records makes promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.deputy"].search([]).unlink()
        cls.env["order.deadline"].sudo().search([]).unlink()
        cls.env["order.deadline.policy"].search([]).action_archive()
        cls.deadlines = cls.env["order.deadline"].sudo()
        cls.alerts = cls.env["order.alert"].sudo()
        cls.calendar = cls._create_calendar()
        cls.company.resource_calendar_id = cls.calendar
        cls.manager_user = cls._create_user("opc_fin_boss", cls._group("reviewer"))
        boss = cls.env["hr.employee"].create({"name": "Boss", "user_id": cls.manager_user.id})
        cls.finance.manager_id = boss
        cls.policy = cls._create_policy()
        cls.order = cls._create_order()

    @classmethod
    def _create_calendar(cls, tz="UTC", hours=((8, 12), (13, 17)), days=(0, 1, 2, 3, 4), **vals):
        return cls.env["resource.calendar"].create(
            {
                "name": "Test hours",
                "tz": tz,
                "attendance_ids": [
                    (5, 0, 0),
                    *(
                        (
                            0,
                            0,
                            {
                                "name": f"{day} {first}",
                                "dayofweek": str(day),
                                "hour_from": first,
                                "hour_to": last,
                                "day_period": "morning" if first < 12 else "afternoon",
                            },
                        )
                        for day in days
                        for first, last in hours
                    ),
                ],
                **vals,
            }
        )

    @classmethod
    def _create_policy(cls, minutes=8 * 60, lines=(), **vals):
        return cls.env["order.deadline.policy"].create(
            {
                "name": "Test promise",
                "clock": "signoff",
                "time_basis": "working",
                "line_ids": [
                    (0, 0, {"minutes": minutes}),
                    *((0, 0, line) for line in lines),
                ],
                **vals,
            }
        )

    @classmethod
    def _start(cls, orders=None, at=None, **vals):
        """Start the promise of the policy for orders, by their salesperson."""
        orders = orders if orders is not None else cls.order
        return cls.deadlines._start_many(
            [
                {
                    "record": order,
                    "clock": "signoff",
                    "name": order.name,
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "department_id": cls.finance.id,
                    "user_id": order.user_id.id,
                    "at": at and moment(at),
                    **vals,
                }
                for order in orders
            ]
        )

    @contextmanager
    def _at(self, text):
        with freeze_time(moment(text)):
            yield

    def _scan(self, at=None):
        """Run the scheduled action, without its commits; return the moments it wants to run at."""
        wanted = []
        with (
            without_commits(self.env),
            patch.object(type(self.env["ir.cron"]), "_trigger", lambda self, at: wanted.extend(at)),
        ):
            if at:
                with self._at(at):
                    self.env["order.deadline"]._cron_scan()
            else:
                self.env["order.deadline"]._cron_scan()
        self.env.invalidate_all()
        return wanted

    def _tasks(self, records):
        """Return the open activities on records."""
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
        )


def moment(text):
    """Return "2026-03-02 10:00" as a moment, in UTC."""
    return datetime.fromisoformat(text) if isinstance(text, str) else text
