from datetime import datetime, timedelta

from odoo import api, models

from ..review.fact import FAIL, PASS, WARN, Fact
from .days import get_day, get_today, with_zone
from .wording import say_day


class OrderReviewCriterion(models.Model):
    """Is a delivery date promised, and is there time? (R-099, R-105)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "promised_date": (
                self.env._("Promised date present and not in the past"),
                self.env._(
                    "Looks at the delivery date of the order. Limit: how many working days of the"
                    " company lie at least between today and the promised date; 0: any day from"
                    " today on."
                ),
            )
        }

    def _check_promised_date(self, orders):
        """Judge the promised day of each order where its reader is.

        Red without a date, in the past, or with less notice than the limit; yellow, with a
        limit, on a day on which the company does not work.
        """
        orders = with_zone(orders)
        today = get_today(orders)
        days = {order.id: get_day(orders, order.commitment_date) for order in orders}
        workdays = self._get_workdays(orders, today) if self.threshold else {}
        return {
            order.id: self._judge_promise(today, days[order.id], workdays.get(order.company_id))
            for order in orders
        }

    def _judge_promise(self, today, promised, workdays):
        if not promised:
            evidence = self.env._("No delivery date is promised: agree on one (Other Info page).")
            return Fact(FAIL, evidence)
        figures = {"promised": promised.isoformat()}
        day = say_day(self.env, promised)
        if promised < today:
            evidence = self.env._(
                "Promised for %(day)s, %(days)s days ago.", day=day, days=(today - promised).days
            )
            return Fact(FAIL, evidence, figures)
        if workdays is None:
            return Fact(PASS, self.env._("Promised for %s.", day), figures)
        figures["notice"] = self._count_notice(today, promised, workdays)
        evidence = self.env._(
            "Promised for %(day)s: %(notice)s working days of notice, %(limit)s are asked for.",
            day=day,
            notice=figures["notice"],
            limit=f"{self.threshold:g}",
        )
        if figures["notice"] < self.threshold:
            return Fact(FAIL, evidence, figures)
        if promised <= workdays[-1] and promised not in workdays:
            evidence = self.env._("%(text)s It is no working day.", text=evidence)
            return Fact(WARN, evidence, figures)
        return Fact(PASS, evidence, figures)

    @api.model
    def _count_notice(self, today, promised, workdays):
        return sum(today < day <= promised for day in workdays)

    def _get_workdays(self, orders, today):
        """Return ``{company: sorted working days}`` from today on, far enough for the limit.

        A company without a calendar, or with an empty one, works every day.
        """
        horizon = int(self.threshold) * 3 + 60
        zone = orders.env.tz
        start, end = (
            zone.localize(datetime.combine(today + timedelta(days=days), datetime.min.time()))
            for days in (0, horizon)
        )
        every = [today + timedelta(days=number) for number in range(horizon)]
        workdays = {}
        for calendar, companies in orders.company_id.grouped("resource_calendar_id").items():
            days = set()
            if calendar:
                intervals = calendar._work_intervals_batch(start, end, tz=zone)[False]
                days = {begin.astimezone(zone).date() for begin, _end, _attendance in intervals}
            workdays |= dict.fromkeys(companies, sorted(days) or every)
        return workdays
