from datetime import date, datetime, time

import pytz

from odoo import fields, models
from odoo.exceptions import UserError

from .days import with_zone


class SaleOrder(models.Model):
    """A promise that cannot be kept is put right in one click."""

    _inherit = "sale.order"

    def action_take_feasible_date(self):
        """Promise the earliest feasible date, found out now, on orders that promise none or an
        earlier one; it is reviewed like any other change (R-106, R-121).

        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders
        :raise UserError: when an order is no quotation, or nobody knows when it is possible
        """
        self._check_may_submit()
        closed = self.filtered(lambda order: order.state not in ("draft", "sent"))
        if closed:
            raise UserError(
                self.env._(
                    "%s: the delivery date of an order that is confirmed or cancelled is not taken"
                    " from here. Request a change of the order.",
                    ", ".join(closed.mapped("name")),
                )
            )
        by_moment = {}
        for order, earliest in self._get_feasible_days().items():
            promised = order._get_promise_here()
            if not promised or promised.date() < earliest:
                moment = order._get_promise_on(earliest)
                by_moment[moment] = by_moment.get(moment, self.browse()) | order
        for moment, orders in by_moment.items():
            orders.commitment_date = moment
        return True

    def _get_feasible_days(self):
        """Return ``{order: earliest feasible day}``, found out now.

        :raise UserError: names the orders of which nobody knows it, and why
        """
        # sudo: facts are the same whoever asks
        facts = self.env["order.review.criterion"].sudo()._check_feasible_date(self.sudo())
        unknown = self.filtered(lambda order: not facts[order.id].figures.get("earliest"))
        if unknown:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(order)s: no earliest date is known. %(evidence)s",
                        order=order.name,
                        evidence=facts[order.id].evidence,
                    )
                    for order in unknown
                )
            )
        return {order: date.fromisoformat(facts[order.id].figures["earliest"]) for order in self}

    def _get_promise_here(self):
        """Return the promised moment where the reader is, None without."""
        promised = self.commitment_date
        return promised and fields.Datetime.context_timestamp(with_zone(self), promised)

    def _get_promise_on(self, day):
        """Return the moment of a promise on ``day``, in UTC: at the hour promised until now, else
        at noon where the reader is."""
        promised = self._get_promise_here()
        hour = promised.time() if promised else time(12)
        here = with_zone(self).env.tz.localize(datetime.combine(day, hour))
        return here.astimezone(pytz.utc).replace(tzinfo=None)
