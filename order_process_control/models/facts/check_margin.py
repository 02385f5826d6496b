from odoo import api, models

from ..review.fact import FAIL, PASS, UNKNOWN, Fact
from .commerce import get_line_name, money, name_some, number


class OrderReviewCriterion(models.Model):
    """Does the order earn what it has to? (R-120, R-124)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "margin": (
                self.env._("Margin of the order"),
                self.env._(
                    "Compares the price of the order before tax with its cost. Limit of the check:"
                    " the margin in percent of the price that is needed at least; 0 only refuses a"
                    " loss. Consider to show it to the department alone."
                ),
            ),
        }

    def _check_margin(self, orders):
        """Compute the margin of each order, in its currency.

        The cost is that of the product. Where margins are installed it is that of the line, if
        higher: whoever sells may write it.
        Services without cost count as costing nothing, goods without cost make it unknown unless
        the margin is too low even so.
        """
        lines = self._get_commercial_lines(orders)
        return {order.id: self._judge_margin(order, lines[order.id]) for order in orders}

    def _judge_margin(self, order, lines):
        sold = self._filter_sold(lines).filtered(lambda line: line.product_id.type != "combo")
        if not sold:
            return Fact(PASS, self.env._("Nothing is sold."))
        costs = {line: self._get_line_cost(order, line) for line in sold}
        unknown = [
            line
            for line, cost in costs.items()
            if not cost and line.product_uom_qty > 0 and line.product_id.type == "consu"
        ]
        revenue, cost = sum(sold.mapped("price_subtotal")), sum(costs.values())
        if not cost:
            return Fact(UNKNOWN, self.env._("Could not be checked: no cost is known."))
        margin = revenue - cost
        # Of what earns nothing any cost is lost entirely
        percent = 100 * margin / revenue if revenue > 0 else -100.0
        figures = {"revenue": revenue, "cost": cost, "margin": margin, "percent": percent}
        is_low = round(percent, 4) < self.threshold
        text = self.env._(
            "%(revenue)s − cost %(cost)s = margin %(margin)s (%(percent)s %%) %(sign)s"
            " %(least)s %%.",
            revenue=money(self.env, revenue, order.currency_id),
            cost=money(self.env, cost, order.currency_id),
            margin=money(self.env, margin, order.currency_id),
            percent=number(self.env, percent),
            sign="<" if is_low else "≥",
            least=number(self.env, self.threshold),
        )
        if is_low:
            return Fact(FAIL, text, figures)
        if unknown:
            names = name_some(self.env, map(get_line_name, unknown))
            text = self.env._(
                "Could not be checked: no cost is known of %(names)s. Without it: %(margin)s",
                names=names,
                margin=text,
            )
            return Fact(UNKNOWN, text, figures)
        return Fact(PASS, text, figures)

    @api.model
    def _get_line_cost(self, order, line):
        """Return the cost of the quantity ordered, in the currency of the order."""
        product = line.product_id.with_company(order.company_id)
        cost = product.uom_id._compute_price(product.standard_price, line.product_uom_id)
        # The order's own rate, from the currency of its company
        cost *= order.currency_rate or 1.0
        if "purchase_price" in line._fields:
            cost = max(cost, line.purchase_price)
        return cost * line.product_uom_qty
