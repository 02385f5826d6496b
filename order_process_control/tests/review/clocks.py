from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from ...models.review.fact import PASS, Fact
from .rounds import RoundsCommon

# A Monday before today: votes are given at the moment of the transaction. The working hours of
# the tests are 8 to 12 and 13 to 17, in UTC
MONDAY = datetime(2024, 3, 4, 8, 0)


class ClocksCommon(RoundsCommon):
    """Policies of round figures: 24 h for an order, 8 working hours for a sign-off, 4 for an
    answer; of half as many for special orders and one hour for urgent ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.deadline.policy"].search([]).action_archive()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Eight to five",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": start + 4,
                            "day_period": "morning" if start < 12 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for start in (8, 13)
                ],
            }
        )
        cls.company.resource_calendar_id = cls.calendar
        cls.special = cls.env.ref("order_process_control.order_class_special")
        cls.release_policy = cls._create_policy("release", 24, "elapsed")
        cls.signoff_policy = cls._create_policy("signoff", 8)
        cls.answer_policy = cls._create_policy("answer", 4)

    @classmethod
    def _create_policy(cls, clock, hours, time_basis="working", **vals):
        return cls.env["order.deadline.policy"].create(
            {
                "name": clock,
                "clock": clock,
                "time_basis": time_basis,
                "line_ids": [
                    Command.create({"minutes": hours * 60}),
                    Command.create({"class_id": cls.special.id, "minutes": hours * 30}),
                    Command.create({"priority": "1", "minutes": 60}),
                ],
                **vals,
            }
        )

    def _let_sign_itself(self, step):
        """Let the system sign a step: its only fact is in order."""
        criteria = self.env["order.review.criterion"]
        self.patch(
            type(criteria),
            "_check_stock_available",
            lambda self, orders: dict.fromkeys(orders._ids, Fact(PASS, "enough")),
        )
        criteria.create(
            {
                "step_id": step.id,
                "name": "In stock",
                "kind": "automatic",
                "check_code": "stock_available",
            }
        )
        step.auto_approve = True

    def _at(self, hours):
        """Be so many hours after Monday, 8 o'clock."""
        return freeze_time(MONDAY + timedelta(hours=hours))

    def _submit_at(self, hours=0, **vals):
        if "priority" in vals and "priority_reason" in self.env["sale.order"]._fields:
            vals["priority_reason"] = "Chosen by the test"
        with self._at(hours):
            order = self._create_order(**vals)
            order.action_request_review()
        return order

    def _deadlines(self, record, clock=None):
        """Return all deadlines of a record, the oldest first."""
        self.env.invalidate_all()
        deadlines = self.env["order.deadline"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)], order="id"
        )
        return deadlines.filtered(lambda d: clock in (None, d.clock))

    def _states_of(self, record):
        return self._deadlines(record).mapped("state")

    def _assert_due(self, deadline, hours):
        self.assertEqual(deadline.deadline, MONDAY + timedelta(hours=hours))
