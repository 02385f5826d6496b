from odoo import api, models

from ..review.fact import FAIL, PASS, Fact
from .commerce import get_line_name, name_some


class OrderReviewCriterion(models.Model):
    """Has somebody agreed to what is given away? (R-036, R-038)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "gift_lines": (
                self.env._("Gifts marked and approved"),
                self.env._(
                    "Goods without a price have to be marked as a gift, and every gift needs the"
                    " approval of a sales manager. The check has no limit."
                ),
            ),
        }

    def _check_gift_lines(self, orders):
        """Look for goods that are free without being marked, and for gifts nobody has approved."""
        lines = self._get_commercial_lines(orders)
        return {order.id: self._judge_gifts(self._filter_sold(lines[order.id])) for order in orders}

    def _judge_gifts(self, sold):
        gifts = sold.filtered(lambda line: line.is_gift or line._is_free_goods())
        if not gifts:
            return Fact(PASS, self.env._("No gifts."))
        approved = gifts.filtered(lambda line: line._is_gift_approved())
        unmarked = gifts.filtered(lambda line: not line.is_gift)
        waiting = gifts - approved - unmarked
        texts = []
        if unmarked:
            names = name_some(self.env, map(get_line_name, unmarked))
            texts.append(self.env._("Free, but not marked as a gift: %s.", names))
        if waiting:
            names = name_some(self.env, map(get_line_name, waiting))
            texts.append(self.env._("Gift that no sales manager has approved: %s.", names))
        if approved:
            names = name_some(
                self.env,
                [f"{get_line_name(line)} ({line.gift_approved_by.name})" for line in approved],
            )
            texts.append(self.env._("Approved gift: %s.", names))
        figures = {"gifts": len(gifts), "approved": len(approved)}
        return Fact(FAIL if unmarked or waiting else PASS, " ".join(texts), figures)
