from odoo import api, models

from ..review.fact import FAIL, PASS, UNKNOWN, Fact


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
        """Ask the records of oral orders; other orders need none."""
        oral = orders.filtered(self._is_oral)
        if oral and not hasattr(orders, "_filter_without_oral_record"):
            facts = (
                oral._ids,
                Fact(
                    UNKNOWN,
                    self.env._("It came by word of mouth, and such orders are not recorded."),
                ),
            )
        else:
            missing = oral._filter_without_oral_record() if oral else oral
            facts = (
                missing._ids,
                Fact(
                    FAIL,
                    self.env._(
                        "It came by word of mouth and has no record that both sides have confirmed."
                    ),
                ),
            )
        confirmed = Fact(PASS, self.env._("The oral order is on record, confirmed by both sides."))
        return (
            dict.fromkeys(orders._ids, Fact(PASS, self.env._("Not an oral order.")))
            | dict.fromkeys(oral._ids, confirmed)
            | dict.fromkeys(*facts)
        )

    @api.model
    def _is_oral(self, order):
        return order.intake_form == "oral" or (
            order.medium_id.id in self.env["utm.medium"]._get_oral_ids()
        )
