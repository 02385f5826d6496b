from odoo import api, fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("unprocessed", "Order not processed in time")],
        ondelete={"unprocessed": "cascade"},
    )

    @alerts_when(
        _lt(
            "A registered order is neither released nor rejected when its time for it is over; for"
            " an order without a time of its own: %(limit)s after it was registered."
        ),
        unit="hours",
    )
    def _find_unprocessed(self):
        """The order's own clock counts where it has one (R-157)."""
        rows = self._fetch_orders(
            where=SQL(
                """so.state IN ('draft', 'sent') AND so.registered_at IS NOT NULL
                   AND NOT %s
                   AND CASE WHEN clock.res_id IS NULL THEN so.registered_at < %s
                            ELSE clock.is_late END""",
                self._get_processed_condition(),
                self._before("hours"),
            ),
            urgency=SQL("so.registered_at"),
            columns=SQL("so.registered_at"),
            joins=SQL(
                """LEFT JOIN (SELECT res_id,
                                    BOOL_OR(stopped_at IS NULL AND (state = 'missed'
                                            OR state = 'running' AND deadline < %s)) AS is_late
                               FROM order_deadline
                              WHERE res_model = 'sale.order' AND clock = 'release'
                              GROUP BY res_id) AS clock ON clock.res_id = so.id""",
                self._now(),
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "registered on %s", self._say_moment(row["registered_at"], row["company_id"])
                ),
            )
            for row in rows
        ]

    @api.model
    def _get_processed_condition(self):
        """Return the SQL for quotations ``so`` that were decided. The room that reviews knows."""
        return SQL("FALSE")
