from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("entered_after_cut_off", "Order entered after the daily cut-off")],
        ondelete={"entered_after_cut_off": "cascade"},
    )

    @alerts_when(
        _lt(
            "An order was entered later than %(limit)s of the day on which it reached us, in the"
            " time zone of the company's calendar. An approved entry exception says otherwise for"
            " its day. Orders that customers enter themselves do not count."
        ),
        unit="clock",
    )
    def _find_entered_after_cut_off(self):
        """R-031, and R-032 for the exceptions."""
        entered = self._local(SQL("so.create_date"))
        rows = self._fetch_orders(
            where=SQL(
                """%s AND so.state != 'cancel' AND creator.share IS NOT TRUE
                   AND %s > day.day + COALESCE(exception.cut_off, %s) * INTERVAL '1 hour'""",
                self._recent(SQL("so.create_date"), SQL("so.id")),
                entered,
                self.threshold,
            ),
            urgency=SQL("-EXTRACT(EPOCH FROM so.create_date)"),
            columns=SQL("so.create_date, day.day"),
            joins=SQL(
                """LEFT JOIN res_users AS creator ON creator.id = so.create_uid
                   CROSS JOIN LATERAL (
                       SELECT LEAST(%(received)s::date, %(entered)s::date) AS day) AS day
                   LEFT JOIN order_entry_exception AS exception
                          ON exception.company_id = so.company_id
                         AND exception.date = day.day AND exception.state = 'approved'""",
                received=self._local(SQL("COALESCE(so.received_at, so.create_date)")),
                entered=entered,
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "received on %(day)s, entered %(moment)s",
                    day=self._say_day(row["day"]),
                    moment=self._say_moment(row["create_date"], row["company_id"]),
                ),
            )
            for row in rows
        ]
