from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("not_shipped", "Not shipped by the promised date")],
        ondelete={"not_shipped": "cascade"},
    )

    @alerts_when(
        _lt(
            "%(limit)s before the promised delivery date, something of a confirmed order has still"
            " not left the warehouse."
        ),
        unit="days",
    )
    def _find_not_shipped(self):
        """R-042: what is due is handed to the warehouse three days before its delivery, counted in
        days of the company."""
        rows = self._fetch_orders(
            where=SQL(
                """so.state = 'sale' AND so.delivery_status IN ('pending', 'started', 'partial')
                   AND %s::date - %s::date <= %s""",
                self._local(SQL("so.commitment_date")),
                self._local(SQL("%s::timestamp", self._now())),
                self.threshold,
            ),
            urgency=SQL("so.commitment_date"),
            columns=SQL("so.commitment_date, so.delivery_status"),
        )
        return [self._prepare_cause(row, self._say_promise(row)) for row in rows]

    def _say_promise(self, row):
        moment = self._say_moment(row["commitment_date"], row["company_id"])
        if row["delivery_status"] == "partial":
            return self.env._("promised for %s, partly shipped", moment)
        return self.env._("promised for %s, nothing shipped", moment)
