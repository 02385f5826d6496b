from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("purchase_late", "Purchase for a sold line late")],
        ondelete={"purchase_late": "cascade"},
    )

    @alerts_when(
        _lt(
            "What was purchased for a confirmed order has not arrived %(limit)s after the date that"
            " the supplier promised; or it was not ordered %(limit)s after it had to be."
        ),
        unit="days",
    )
    def _find_purchase_late(self):
        """Joined as ``_get_purchase_orders`` does: sold lines bought for them, and references."""
        rows = self._fetch(
            SQL(
                """SELECT po.id AS res_id, sold.order_id, po.company_id,
                          COALESCE(po.user_id, sold.user_id) AS user_id, po.name AS document,
                          late.due AS urgency, late.due, sold.orders,
                          po.state = 'purchase' AS is_ordered
                     FROM purchase_order AS po
                     JOIN LATERAL (
                          SELECT CASE WHEN po.state != 'purchase' THEN po.date_order
                                      ELSE MIN(line.date_planned) END AS due
                            FROM purchase_order_line AS line
                           WHERE line.order_id = po.id AND line.display_type IS NULL
                             AND line.qty_received < line.product_qty) AS late
                       ON late.due < %(before)s
                     JOIN LATERAL (
                          SELECT (ARRAY_AGG(so.id ORDER BY so.commitment_date, so.id))[1]
                                     AS order_id,
                                 (ARRAY_AGG(so.user_id ORDER BY so.commitment_date, so.id))[1]
                                     AS user_id,
                                 COUNT(*) AS orders
                            FROM sale_order AS so
                           WHERE so.state = 'sale' AND so.id IN (%(orders)s)) AS sold
                       ON sold.order_id IS NOT NULL
                    WHERE po.state IN ('draft', 'sent', 'to approve', 'purchase')
                      AND po.receipt_status IS DISTINCT FROM 'full' AND %(companies)s""",
                before=self._before("days"),
                orders=self._get_sold_query(),
                companies=self._in_companies("po"),
            )
        )
        return [self._prepare_cause(row, self._say_purchase(row), "purchase.order") for row in rows]

    def _get_sold_query(self):
        return SQL(
            """SELECT sale.sale_id FROM stock_reference_purchase_rel AS bought
                 JOIN stock_reference_sale_rel AS sale ON sale.reference_id = bought.reference_id
                WHERE bought.purchase_id = po.id
                UNION
               SELECT sold_line.order_id FROM purchase_order_line AS own
                 JOIN sale_order_line AS sold_line ON sold_line.id = own.sale_line_id
                WHERE own.order_id = po.id"""
        )

    def _say_purchase(self, row):
        due = self._say_moment(row["due"], row["company_id"])
        if row["is_ordered"]:
            return self.env._(
                "for %(orders)s order(s), arrival promised for %(due)s",
                orders=row["orders"],
                due=due,
            )
        return self.env._(
            "for %(orders)s order(s), was to be ordered by %(due)s", orders=row["orders"], due=due
        )
