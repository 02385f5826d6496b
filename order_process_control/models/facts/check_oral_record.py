from odoo import api, models

from ..review.fact import FAIL, PASS, Fact, Source


class OrderReviewCriterion(models.Model):
    """Is an oral order on record, confirmed by both sides? (R-012, R-013)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "oral_record": (
                self.env._("Oral order confirmed on record"),
                self.env._(
                    "An oral order needs its record, confirmed by the customer and by us. The"
                    " limit means nothing here."
                ),
            )
        }

    def _check_oral_record(self, orders):
        """Ask the newest record of each oral order what is missing; other orders need none."""
        oral = orders.filtered(self._is_oral)
        newest = oral._get_newest_oral_records() if oral else {}
        facts = dict.fromkeys(orders._ids, Fact(PASS, self.env._("Not an oral order.")))
        return facts | {order.id: self._judge_oral_record(order, newest) for order in oral}

    @api.model
    def _judge_oral_record(self, order, newest):
        record = newest.get(order.id, self.env["order.oral.record"])
        source = Source(
            self.env._("Oral order records"), "order.oral.record", [["order_id", "=", order.id]]
        )
        problem = order._get_oral_problem(record)
        if problem:
            return Fact(FAIL, problem, {"record_id": record.id}, (source,) if record else ())
        evidence = self.env._("The oral order is on record, confirmed by both sides.")
        return Fact(PASS, evidence, {"record_id": record.id}, (source,))

    @api.model
    def _is_oral(self, order):
        """Tell the same as ``sale.order.is_oral``, without reading the order's channel."""
        return (
            order.intake_form == "oral"
            or order.medium_id.id in self.env["utm.medium"]._get_oral_ids()
        )
