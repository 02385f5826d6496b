from datetime import timedelta

from odoo import api, models

from ..review.fact import FAIL, PASS, WARN, Fact, Source
from .stock_picture import get_forecast, get_lasting
from .wording import name_few, say_day, say_quantity

PLANNED_STATES = ["waiting", "confirmed", "assigned", "partially_available"]
# An end to bills of materials that contain themselves
MAX_PARTS = 1000
BOUGHT_STATES = ["draft", "sent", "to approve", "purchase"]


class OrderReviewCriterion(models.Model):
    """Are the goods there by the promised date? (R-078, R-106, R-126)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "stock_available": (
                self.env._("Stock available by the promised date"),
                self.env._(
                    "Compares what is ordered with the forecast of its warehouse, less what orders"
                    " submitted before this one ask for. Limit: how many days before the promised"
                    " date the goods have to be there; 0: on that day."
                ),
            )
        }

    def _check_stock_available(self, orders):
        """Compare what each order needs with what its warehouse will have on the promised day.

        Red when it is not there; yellow when it is made first, bought for each order, or missed
        by what is planned later, and without a promised date, when all that is planned counts.
        """
        supply = self._get_supply(orders)
        return {order.id: self._judge_stock(supply, order) for order in supply.orders}

    def _judge_stock(self, supply, order):
        needs = supply.needs[order.id]
        if not needs:
            return Fact(PASS, self.env._("No goods from stock are ordered."))
        due = promised = supply.get_promised_day(order)
        if promised:
            due -= supply.get_company(order).margin + timedelta(days=int(self.threshold))
        rows = [self._judge_need(supply, order, need, due) for need in needs]
        rows = self._judge_components(supply, order, rows, due)
        bad = [row for row in rows if row["result"] != PASS]
        bad.sort(key=lambda row: row["result"] != FAIL)
        evidence = name_few(self.env, [row["text"] for row in bad or rows], "; ") + ". "
        result = max((row["result"] for row in rows), key=(PASS, WARN, FAIL).index)
        if not promised:
            evidence += self.env._("No promised date: all planned receipts counted.")
            result = max(result, WARN, key=(PASS, WARN, FAIL).index)
        elif due == promised:
            evidence += self.env._("By %s.", say_day(self.env, promised))
        else:
            evidence += self.env._(
                "By %(due)s, promised for %(promised)s.",
                due=say_day(self.env, due),
                promised=say_day(self.env, promised),
            )
        figures = [
            {name: row[name] for name in ("product_id", "need", "forecast", "before", "result")}
            for row in rows
        ]
        return Fact(
            result, evidence, {"products": figures}, self._get_stock_sources(supply, order, rows)
        )

    def _judge_need(self, supply, order, need, due):
        """Return what is found of one :class:`Need` as plain values, with a text for people."""
        steps = supply.get_steps(order, need.place)
        rivals = supply.picture.get_rivals(need.place, supply.ranks[order.id])
        forecast = get_forecast(steps, due)
        row = {
            "result": PASS,
            "place": need.place,
            "product_id": need.place[1],
            "need": need.quantity,
            "forecast": forecast,
            "before": sum(rivals.values()),
            "rivals": list(rivals),
        }
        product = supply.products[need.place[1]]
        row["text"] = self.env._(
            "%(product)s: needs %(need)s, forecast %(forecast)s",
            product=product.display_name,
            need=f"{say_quantity(need.quantity)} {need.unit or product.uom_id.name}",
            forecast=say_quantity(forecast),
        )
        if rivals:
            row["text"] += self.env._(
                " (%(quantity)s promised before to %(orders)s)",
                quantity=say_quantity(row["before"]),
                orders=name_few(self.env, [supply.names[id_] for id_ in rivals]),
            )
        if need.is_to_order:
            row["result"] = WARN
            row["text"] = self.env._(
                "%s: supplied for this order, not from stock", product.display_name
            )
        elif not supply.is_enough(forecast, need.quantity):
            row["result"] = FAIL
            elsewhere = supply.picture.get_elsewhere(
                need.place, supply.get_company(order).warehouse_ids
            )
            if elsewhere:
                row["text"] += self.env._(", %s free in other warehouses", say_quantity(elsewhere))
        elif not supply.is_enough(get_lasting(steps, due), need.quantity):
            row["result"] = WARN
            row["text"] += self.env._(", which later deliveries are planned to take")
        return row

    @api.model
    def _judge_components(self, supply, order, rows, due):
        """Return the rows with what is short, but made of components, judged by these.

        What several products are made of, or what is ordered itself as well, is needed once for
        each of them.
        """
        taken = {row["place"]: row["need"] for row in rows}
        for row in rows:
            recipe = supply.get_recipe(order, row["product_id"])
            if row["result"] != FAIL or not recipe or recipe.is_kit:
                continue
            missing = row["need"] - max(row["forecast"], 0.0)
            short = self._find_short_components(
                supply, order, row["place"][0], recipe, missing, due, taken
            )
            if short:
                row["text"] += self.env._(", short of %s", name_few(self.env, short))
            else:
                row["result"] = WARN
                row["text"] += self.env._(
                    ", the components for %s are there", say_quantity(missing)
                )
        return rows

    @api.model
    def _find_short_components(self, supply, order, warehouse_id, recipe, quantity, due, taken):
        """Return the names of components that are missing to make a quantity, through all the
        levels that are made in turn; what is used is added to ``taken``."""
        short, parts = [], [(id_, each * quantity) for id_, each in recipe.components]
        for product_id, needed in parts:
            product, place = supply.products[product_id], (warehouse_id, product_id)
            own = supply.get_recipe(order, product_id)
            if own and own.is_kit:
                parts += [(id_, each * needed) for id_, each in own.components]
                continue
            if not product.is_storable:
                continue
            forecast = get_forecast(supply.get_steps(order, place), due)
            before = taken.get(place, 0.0)
            taken[place] = before + needed
            missing = min(needed, taken[place] - forecast)
            if supply.is_enough(0.0, missing):
                continue
            if own and len(parts) < MAX_PARTS:
                parts += [(id_, each * missing) for id_, each in own.components]
            else:
                short.append(product.display_name)
        return short

    @api.model
    def _get_stock_sources(self, supply, order, rows):
        product_ids = [row["product_id"] for row in rows]
        company = ["company_id", "=", order.company_id.id]
        of_products = ["product_id", "in", product_ids]
        sources = [
            Source(
                self.env._("Stock on hand"),
                "stock.quant",
                [of_products, company, ["location_id.usage", "=", "internal"]],
            ),
            *self._get_planned_sources(of_products, company),
        ]
        rivals = sorted({order_id for row in rows for order_id in row["rivals"]})
        if rivals:
            sources.append(
                Source(self.env._("Orders before this one"), "sale.order", [["id", "in", rivals]])
            )
        return tuple(sources)

    @api.model
    def _get_planned_sources(self, of_products, company):
        """Return where to see what is planned to come and go, for two conditions of a domain."""
        return (
            Source(
                self.env._("Planned receipts and deliveries"),
                "stock.move",
                [of_products, company, ["state", "in", PLANNED_STATES]],
            ),
            Source(
                self.env._("Purchases"),
                "purchase.order.line",
                [of_products, company, ["order_id.state", "in", BOUGHT_STATES]],
            ),
        )
