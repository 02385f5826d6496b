from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("amount_above", "Amount above a limit")],
        ondelete={"amount_above": "cascade"},
    )

    @alerts_when(
        _lt(
            "The total of an order that is under way is above %(limit)s in the company's currency."
        ),
        unit="amount",
        is_confidential=True,
    )
    def _find_amount_above(self):
        amount = SQL("so.amount_total / COALESCE(NULLIF(so.currency_rate, 0), 1)")
        rows = self._fetch_orders(
            where=SQL("%s AND %s > %s", self._is_underway(), amount, self.threshold),
            urgency=SQL("-%s", amount),
            columns=SQL("%s AS amount", amount),
        )
        return [
            self._prepare_cause(row, self._say_amount(row["amount"], row["company_id"]))
            for row in rows
        ]
