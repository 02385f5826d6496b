from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models

from ..review.fact import FAIL, PASS, UNKNOWN, WARN, Fact
from .recipe import MAX_LEVELS
from .stock_picture import get_first_day, get_lasting
from .wording import name_few, say_day


class Ready(NamedTuple):
    """From which day on goods can be there, and why then."""

    # Without regard to what is planned to be delivered later, None for nobody knows
    day: date | None
    # Leaving enough for what is planned to be delivered later
    safe_day: date | None
    reason: str
    # Only by taking what is planned to be delivered later
    is_taken: bool = False


class OrderReviewCriterion(models.Model):
    """Which day can be promised at the earliest? (R-106, R-121, R-126, R-130, R-133)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "feasible_date": (
                self.env._("Promised date against the earliest feasible one"),
                self.env._(
                    "Takes stock on hand, planned receipts, the delays of vendors and production"
                    " and the customer lead time. Limit: how many days the promised date should"
                    " leave in reserve; 0: none."
                ),
            )
        }

    def _check_feasible_date(self, orders):
        """Compare the promised day with the earliest one on which everything can be there.

        The figures hold ``earliest``, which respects what others were promised, as ISO date.
        """
        supply = self._get_supply(orders)
        return {order.id: self._judge_date(supply, order) for order in supply.orders}

    def _judge_date(self, supply, order):
        rows = self._get_ready_rows(supply, order)
        promised = supply.get_promised_day(order)
        is_known = all(row["safe_day"] for row in rows)
        earliest = max((row["safe_day"] for row in rows), default=None) if is_known else None
        figures = self._prepare_date_figures(rows, promised, earliest)
        if not rows:
            return Fact(PASS, self.env._("Nothing is ordered that takes time."), figures)
        late = [row for row in rows if promised and row["day"] and row["day"] > promised]
        if late or not is_known:
            result, evidence = self._judge_impossible_date(rows, late, promised)
        else:
            result, evidence = self._judge_possible_date(rows, promised, earliest)
        return Fact(result, evidence, figures, self._get_date_sources(order, rows))

    @api.model
    def _prepare_date_figures(self, rows, promised, earliest):
        return {
            "promised": promised and promised.isoformat(),
            "earliest": earliest and earliest.isoformat(),
            "products": [
                {
                    "product_id": row["product"].id,
                    "earliest": row["safe_day"] and row["safe_day"].isoformat(),
                }
                for row in rows
            ],
        }

    @api.model
    def _judge_impossible_date(self, rows, late, promised):
        """Return (result, evidence) where goods come too late, or nobody knows when."""
        late = sorted(late, key=lambda row: row["day"], reverse=True)
        unknown = [row for row in rows if not row["safe_day"]]
        texts = name_few(self.env, map(self._describe_ready, late + unknown), "; ")
        if not late:
            return UNKNOWN, f"{texts}."
        return FAIL, self.env._(
            "%(products)s. Promised for %(promised)s: %(days)s days too early.",
            products=texts,
            promised=say_day(self.env, promised),
            days=(late[0]["day"] - promised).days,
        )

    def _judge_possible_date(self, rows, promised, earliest):
        """Return (result, evidence) where it is known when everything can be there."""
        if not promised:
            last = max(rows, key=lambda row: row["safe_day"])
            return WARN, self.env._("No date is promised. %s.", self._describe_ready(last))
        taken = [row for row in rows if row["is_taken"] or row["safe_day"] > promised]
        if taken:
            return WARN, self.env._(
                "Promised for %(promised)s: possible only with goods that later deliveries are"
                " planned to take. %(products)s.",
                promised=say_day(self.env, promised),
                products=name_few(self.env, map(self._describe_ready, taken), "; "),
            )
        evidence = self.env._(
            "Possible from %(earliest)s, promised for %(promised)s.",
            earliest=say_day(self.env, earliest),
            promised=say_day(self.env, promised),
        )
        reserve = timedelta(days=int(self.threshold))
        return WARN if promised < earliest + reserve else PASS, evidence

    @api.model
    def _get_ready_rows(self, supply, order):
        """Return a dict for each product of the order: ``product``, ``day`` and ``safe_day`` with
        the customer's lead time, ``is_taken`` and ``reason``; see :class:`Ready`."""
        rows = []
        margin = supply.get_company(order).margin
        for need in supply.needs[order.id]:
            ready = self._get_ready(supply, order, need.place, need.quantity, need.is_to_order)
            soonest = supply.today + timedelta(days=int(need.lead))
            # What is there today waits for nobody: Odoo's own lead time counts from the order
            day, safe_day = (
                day and max(soonest, day + margin if day > supply.today else day)
                for day in (ready.day, ready.safe_day)
            )
            rows.append(
                {
                    "product": supply.products[need.place[1]],
                    "day": day,
                    "safe_day": safe_day,
                    "is_taken": ready.is_taken,
                    "reason": ready.reason,
                }
            )
        if order.id in supply.leads:
            day = supply.today + timedelta(days=int(supply.leads[order.id]))
            rows.append(
                {
                    "product": self.env["product.product"],
                    "day": day,
                    "safe_day": day,
                    "is_taken": False,
                    "reason": self.env._("without stock"),
                }
            )
        return rows

    @api.model
    def _describe_ready(self, row):
        name = row["product"].display_name or self.env._("Services and other goods")
        if not row["safe_day"]:
            return self.env._("%(product)s: %(reason)s", product=name, reason=row["reason"])
        return self.env._(
            "%(product)s: %(day)s at the earliest (%(reason)s)",
            product=name,
            day=say_day(self.env, row["safe_day"]),
            reason=row["reason"],
        )

    @api.model
    def _get_ready(self, supply, order, place, quantity, is_to_order=False, level=0):
        """Return when a quantity of a product can be in its warehouse, as :class:`Ready`."""
        today = supply.today
        taken = safe = None
        missing = quantity
        if not is_to_order:
            steps = supply.get_steps(order, place)
            taken = get_first_day(steps, quantity, supply.is_enough)
            safe = get_first_day(steps, quantity, supply.is_enough, lasting=True)
            missing = quantity - max(get_lasting(steps, today), 0.0)
        if safe and safe <= today:
            in_stock = safe == date.min
            reason = self.env._("in stock") if in_stock else self.env._("receipt overdue")
            return Ready(today, today, reason)
        day, reason = self._get_replenished(supply, order, place, missing, level)
        if safe and (not day or safe <= day):
            day, reason = safe, self.env._("receipt planned")
        taken = taken and max(taken, today)
        if not day:
            if taken:
                reason = self.env._("planned for later deliveries")
            return Ready(taken, taken, reason, is_taken=bool(taken))
        return Ready(min(taken or day, day), day, reason)

    @api.model
    def _get_replenished(self, supply, order, place, quantity, level):
        """Return (day, reason) of making or buying a quantity from today on; no day when nobody
        knows how."""
        product = supply.products[place[1]]
        recipe = supply.get_recipe(order, product.id)
        reason = self.env._(
            "not enough in stock, and no vendor or bill of materials says how long it takes"
        )
        if recipe and level < MAX_LEVELS:
            day, reason = self._get_made(supply, order, place, quantity, recipe, level)
            if day or recipe.is_kit:
                return day, reason
        if supply.prices is None:
            products = self.env["product.product"].browse(supply.products)
            supply.prices = self._read_suppliers(products)
        prices = supply.prices.get(product.product_tmpl_id, ())
        days = self._get_purchase_days(prices, product, order.company_id, quantity)
        if days is None:
            return None, reason
        days += supply.get_company(order).to_purchase
        return supply.today + timedelta(days=days), self.env._("%s days to buy", days)

    @api.model
    def _get_made(self, supply, order, place, quantity, recipe, level):
        last = supply.today
        for product_id, each in recipe.components:
            part = supply.products[product_id]
            own = supply.get_recipe(order, product_id)
            if not part.is_storable and not (own and own.is_kit):
                continue
            ready = self._get_ready(
                supply, order, (place[0], product_id), each * quantity, level=level + 1
            )
            if not ready.safe_day:
                return None, self.env._(
                    "made of %(component)s: %(reason)s",
                    component=part.display_name,
                    reason=ready.reason,
                )
            last = max(last, ready.safe_day)
        if last > supply.today:
            reason = self.env._(
                "%(days)s days to make after its components on %(day)s",
                days=recipe.days,
                day=say_day(self.env, last),
            )
        else:
            reason = self.env._("%s days to make", recipe.days)
        return last + timedelta(days=recipe.days), reason

    @api.model
    def _get_date_sources(self, order, rows):
        of_products = ["product_id", "in", [row["product"].id for row in rows if row["product"]]]
        company = ["company_id", "=", order.company_id.id]
        return self._get_planned_sources(of_products, company)
