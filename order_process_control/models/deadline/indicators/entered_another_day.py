from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("entered_another_day", "Entered on another day than the document")],
        ondelete={"entered_another_day": "cascade"},
    )

    @alerts_when(
        _lt(
            "An order was entered more than %(limit)s after the date of the customer's document, or"
            " before that date. 0 days: on the same day (an approved entry exception may reach into"
            " the next)."
        ),
        unit="days",
    )
    def _find_entered_another_day(self):
        """R-033: the order's date is that of its document."""
        entered = self._local(SQL("so.create_date"))
        rows = self._fetch_orders(
            where=SQL(
                """%s AND so.state != 'cancel' AND so.document_date IS NOT NULL
                   AND (%s::date < so.document_date OR %s >= GREATEST(
                       so.document_date + 1 + %s,
                       so.document_date + exception.cut_off * INTERVAL '1 hour'))""",
                self._recent(SQL("so.create_date"), SQL("so.id")),
                entered,
                entered,
                int(self.threshold),
            ),
            urgency=SQL("-EXTRACT(EPOCH FROM so.create_date)"),
            columns=SQL("so.create_date, so.document_date"),
            joins=SQL(
                """LEFT JOIN order_entry_exception AS exception
                          ON exception.company_id = so.company_id
                         AND exception.date = so.document_date
                         AND exception.state = 'approved'"""
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "document of %(day)s, entered %(moment)s",
                    day=self._say_day(row["document_date"]),
                    moment=self._say_moment(row["create_date"], row["company_id"]),
                ),
            )
            for row in rows
        ]
