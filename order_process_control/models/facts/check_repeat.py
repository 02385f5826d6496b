from datetime import timedelta

from odoo import api, fields, models

from ..review.fact import FAIL, PASS, WARN, Fact, Source
from .commerce import exceeds, money, name_some
from .customer_query import DUPLICATE_DAYS


class OrderReviewCriterion(models.Model):
    """Is it the same order once more, or one order in several parts? (R-009, R-124)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "duplicate_order": (
                self.env._("Not entered twice"),
                self.env._(
                    "Looks for another order of the customer with the same customer reference, or"
                    " the same products and quantities. Limit of the check: days between the two;"
                    " 0 means 7."
                ),
            ),
            "split_orders": (
                self.env._("Not split under a limit"),
                self.env._(
                    "Adds the orders that the customer has placed within the days set in the"
                    " settings (Add Up Orders). Limit of the check: the amount, tax included, in"
                    " the company's currency that only the sum exceeds; 0 compares nothing."
                ),
            ),
        }

    # === DUPLICATES ===#

    def _check_duplicate_order(self, orders):
        """Compare each order with those of its customer that were entered close to it.

        The same customer reference fails, the same goods alone warn: customers repeat orders.
        Cancelled orders do not count.
        """
        customers = self._get_customers(orders)
        return {order.id: self._judge_duplicate(order, customers) for order in orders}

    def _judge_duplicate(self, order, customers):
        own = customers.get_order(order.id)
        close = self._get_close_orders(own, customers.get_orders(order.id))
        same_reference = [row for row in close if own.reference and row.reference == own.reference]
        same_goods = [
            row
            for row in close
            if own.goods and row.goods == own.goods and row not in same_reference
        ]
        found = same_reference + same_goods
        if not found:
            text = self.env._("No order like this one within %s days.", self._get_duplicate_days())
            return Fact(PASS, text)
        texts = []
        if same_reference:
            texts.append(
                self.env._(
                    "Customer reference “%(reference)s” is also on %(orders)s.",
                    reference=order.client_order_ref.strip(),
                    orders=self._name_orders(same_reference),
                )
            )
        if same_goods:
            names = self._name_orders(same_goods)
            texts.append(self.env._("The same products and quantities are on %s.", names))
        ids = [row.id for row in found]
        source = Source(self.env._("Similar Orders"), "sale.order", [("id", "in", ids)])
        result = FAIL if same_reference else WARN
        return Fact(result, " ".join(texts), {"orders": len(found)}, (source,))

    def _get_duplicate_days(self):
        return int(self.threshold) if self.threshold > 0 else DUPLICATE_DAYS

    def _get_close_orders(self, own, rows):
        days = timedelta(days=self._get_duplicate_days())
        return [
            row
            for row in rows
            if row.id != own.id
            and row.state != "cancel"
            and abs(max(row.created, own.created) - min(row.created, own.created)) <= days
        ]

    # === SPLITTING ===#

    def _check_split_orders(self, orders):
        """Add up what the customer of each order has ordered within ``order_split_days``.

        Confirmed orders and those in review count, also those that are checked together. An
        order above the limit by itself hides nothing.
        """
        customers = self._get_customers(orders)
        return {order.id: self._judge_split(order, customers) for order in orders}

    def _judge_split(self, order, customers):
        company = order.company_id
        limit, days = self.threshold, company.order_split_days
        if limit <= 0:
            return Fact(PASS, self.env._("No limit is set for this check."))
        if days <= 0:
            text = self.env._("The settings say that orders are not added up.")
            return Fact(PASS, text)
        own = customers.get_order(order.id)
        # As rules on amounts do: the date of a quotation is whatever somebody writes
        since = fields.Datetime.now() - timedelta(days=days)
        others = [
            row
            for row in customers.get_orders(order.id)
            if row.id != own.id and (row.in_review or row.state == "sale" and row.ordered >= since)
        ]
        total = own.amount + sum(row.amount for row in others)
        figures = {"order": own.amount, "sum": total, "limit": limit, "orders": len(others)}
        ids = [row.id for row in others]
        sources = (
            (Source(self.env._("Orders Added Up"), "sale.order", [("id", "in", ids)]),)
            if ids
            else ()
        )
        currency = company.currency_id
        is_hidden = exceeds(self.env, total, limit, currency) and not exceeds(
            self.env, own.amount, limit, currency
        )
        return Fact(
            FAIL if is_hidden else PASS,
            self._get_split_text(currency, figures, others),
            figures,
            sources,
        )

    def _get_split_text(self, currency, figures, others):
        order, total, limit = (
            money(self.env, figures[name], currency) for name in ("order", "sum", "limit")
        )
        if exceeds(self.env, figures["order"], figures["limit"], currency):
            return self.env._(
                "This order alone is %(order)s > %(limit)s.", order=order, limit=limit
            )
        if not others:
            return self.env._(
                "No other order within these days: %(order)s ≤ %(limit)s.",
                order=order,
                limit=limit,
            )
        over = exceeds(self.env, figures["sum"], figures["limit"], currency)
        return self.env._(
            "This order %(order)s, with %(orders)s %(sum)s %(sign)s %(limit)s.",
            order=order,
            orders=name_some(self.env, [row.name for row in others]),
            sum=total,
            sign=">" if over else "≤",
            limit=limit,
        )
