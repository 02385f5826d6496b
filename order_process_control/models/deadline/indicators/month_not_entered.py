from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("month_not_entered", "Document of the month not entered at closing")],
        ondelete={"month_not_entered": "cascade"},
    )

    @alerts_when(
        _lt(
            "A quotation of the period is not registered %(limit)s before the company's monthly"
            " closing day, or it is still not registered after it. It belongs to the period of its"
            " document's date, else of the day on which it reached us."
        ),
        unit="days",
    )
    def _find_month_not_entered(self):
        """R-034: on the closing day all documents of the month are entered."""
        today = self._local(SQL("%s::timestamp", self._now()))
        rows = self._fetch_orders(
            where=SQL(
                """%(recent)s
                   AND so.state IN ('draft', 'sent') AND so.registered_at IS NULL
                   AND (own.day <= closing.last OR own.day <= closing.next
                        AND %(today)s::date >= closing.next - %(days)s)""",
                recent=self._recent(SQL("own.day + 30"), SQL("so.id")),
                today=today,
                days=int(self.threshold),
            ),
            urgency=SQL("own.day"),
            columns=SQL(
                "own.day, CASE WHEN own.day <= closing.last THEN closing.last"
                " ELSE closing.next END AS closing"
            ),
            joins=SQL(
                """CROSS JOIN LATERAL (SELECT COALESCE(so.document_date, %s::date) AS day) AS own
                   CROSS JOIN LATERAL (
                       SELECT MAX(day) FILTER (WHERE day < %s::date) AS last,
                              MIN(day) FILTER (WHERE day >= %s::date) AS next
                         FROM (SELECT LEAST(
                                      month + company.order_closing_day - 1,
                                      (month + INTERVAL '1 month')::date - 1) AS day
                                 FROM (SELECT (date_trunc('month', %s) + n * INTERVAL '1 month'
                                              )::date AS month
                                         FROM generate_series(-1, 1) AS n) AS months) AS days
                       ) AS closing""",
                self._local(SQL("so.received_at")),
                today,
                today,
                today,
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "of %(day)s, closing on %(closing)s",
                    day=self._say_day(row["day"]),
                    closing=self._say_day(row["closing"]),
                ),
            )
            for row in rows
        ]
