from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("delivery_differs", "Delivered differs from ordered")],
        ondelete={"delivery_differs": "cascade"},
    )

    @alerts_when(
        _lt(
            "All deliveries of an order are done, and a line was delivered more or less than"
            " ordered, by more than %(limit)s: something is missing, or something was sent that"
            " nobody ordered. Lines with returned goods do not count."
        ),
        unit="percent",
    )
    def _find_delivery_differs(self):
        """R-313: wrong (a product that was not ordered is a line of 0) and missed shipments."""
        rows = self._fetch_orders(
            where=SQL(
                "so.state = 'sale' AND so.delivery_status = 'full' AND %s",
                self._recent(SQL("COALESCE(shipped.last, so.effective_date)"), SQL("so.id")),
            ),
            urgency=SQL("-EXTRACT(EPOCH FROM shipped.last)"),
            columns=SQL("wrong.less, wrong.more"),
            joins=SQL(
                """JOIN LATERAL (SELECT MAX(date_done) AS last FROM stock_picking
                                  WHERE sale_id = so.id AND state = 'done') AS shipped ON TRUE
                   JOIN LATERAL (%s) AS wrong ON wrong.less > 0 OR wrong.more > 0""",
                self._get_difference_query(),
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "%(less)s line(s) delivered less, %(more)s line(s) more than ordered",
                    less=row["less"],
                    more=row["more"],
                ),
            )
            for row in rows
        ]

    def _get_difference_query(self):
        """Return the SQL that counts lines of ``so`` by what differs beyond the threshold."""
        difference, tolerance = SQL("line.qty_delivered - line.product_uom_qty"), self.threshold
        return SQL(
            """SELECT COUNT(*) FILTER (WHERE -(%(difference)s) > %(tolerated)s) AS less,
                      COUNT(*) FILTER (WHERE %(difference)s > %(tolerated)s) AS more
                 FROM sale_order_line AS line
                WHERE line.order_id = so.id AND line.display_type IS NULL
                  AND line.qty_delivered_method = 'stock_move'
                  AND NOT EXISTS (SELECT FROM stock_move AS back
                                   WHERE back.sale_line_id = line.id AND back.state != 'cancel'
                                     AND back.origin_returned_move_id IS NOT NULL)""",
            difference=difference,
            tolerated=SQL("line.product_uom_qty * %s / 100 + 0.00001", tolerance),
        )
