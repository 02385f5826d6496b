from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("promise_past", "Promised date in the past")],
        ondelete={"promise_past": "cascade"},
    )

    @alerts_when(
        _lt(
            "A quotation was sent or registered, and the delivery date that it promises is over:"
            " agree on another date with the customer."
        )
    )
    def _find_promise_past(self):
        """Confirmed orders are the matter of the rule on shipping."""
        rows = self._fetch_orders(
            where=SQL(
                """(so.state = 'sent' OR so.state = 'draft' AND so.registered_at IS NOT NULL)
                   AND %s::date < %s::date AND %s""",
                self._local(SQL("so.commitment_date")),
                self._local(SQL("%s::timestamp", self._now())),
                self._recent(SQL("so.commitment_date"), SQL("so.id")),
            ),
            urgency=SQL("so.commitment_date"),
            columns=SQL("so.commitment_date"),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "promised for %s", self._say_moment(row["commitment_date"], row["company_id"])
                ),
            )
            for row in rows
        ]
