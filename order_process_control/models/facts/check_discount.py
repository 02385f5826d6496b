from odoo import api, models

from ..review.fact import FAIL, PASS, Fact
from .commerce import get_line_name, name_some, number


class OrderReviewCriterion(models.Model):
    """How much is let off? (R-037, R-038, R-124)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "discount": (
                self.env._("Discount within what is allowed"),
                self.env._(
                    "Looks at the discount of each line together with what lowers the whole order."
                    " Gifts that are approved do not count. Limit of the check: the highest"
                    " discount in percent; 0 allows none."
                ),
            ),
        }

    def _check_discount(self, orders):
        """Judge the highest discount of each order: of a line, of the order, of both together."""
        lines = self._get_commercial_lines(orders)
        return {order.id: self._judge_discount(lines[order.id]) for order in orders}

    def _judge_discount(self, lines):
        sold = self._filter_sold(lines)
        general = self._get_general_discount(sold)
        discounts = {
            line: 100 - (100 - line.discount) * (100 - general) / 100
            for line in sold
            if line.price_unit * line.product_uom_qty > 0 and not line._is_gift_approved()
        }
        highest = max([general, *discounts.values()], default=0.0)
        figures = {"highest": highest, "order": general, "limit": self.threshold}
        if highest <= 0:
            return Fact(PASS, self.env._("No discount."), figures)
        is_over = round(highest, 4) > self.threshold
        text = self.env._(
            "Highest discount %(highest)s %% %(sign)s %(limit)s %%",
            highest=number(self.env, highest),
            sign=">" if is_over else "≤",
            limit=number(self.env, self.threshold),
        )
        if general:
            order = number(self.env, general)
            text += " " + self.env._("(%s %% of it on the whole order)", order)
        if is_over:
            names = self._name_discounted(discounts)
            text += f": {names}" if names else ""
        return Fact(FAIL if is_over else PASS, text + ".", figures)

    @api.model
    def _get_general_discount(self, sold):
        """Return which percentage of what is sold the lines take off that lower the total."""
        gross = sum(line.price_subtotal for line in sold if line.price_subtotal > 0)
        taken = -sum(line.price_subtotal for line in sold if line.price_subtotal < 0)
        if not taken:
            return 0.0
        return min(100 * taken / gross, 100.0) if gross else 100.0

    def _name_discounted(self, discounts):
        over = {line: d for line, d in discounts.items() if round(d, 4) > self.threshold}
        return name_some(
            self.env,
            [
                f"{get_line_name(line)} {number(self.env, discount)} %"
                for line, discount in sorted(over.items(), key=lambda pair: -pair[1])
            ],
        )
