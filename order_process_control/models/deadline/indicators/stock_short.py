from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("stock_short", "Stock short for a confirmed order")],
        ondelete={"stock_short": "cascade"},
    )

    @alerts_when(
        _lt(
            "Goods that a confirmed order needs within %(limit)s are neither reserved nor free in"
            " its warehouse, counting those that are due before."
        ),
        unit="days",
    )
    def _find_stock_short(self):
        """What is free goes to who needs it first; whoever comes after it is used up is short."""
        rows = self._fetch_orders(
            where=SQL("so.state = 'sale'"),
            urgency=SQL("short.due"),
            columns=SQL("short.due, short.products, short.missing"),
            joins=SQL(
                """JOIN (
                       SELECT order_id, MIN(due) AS due, COUNT(DISTINCT product_id) AS products,
                              SUM(LEAST(needed, running - free)) AS missing
                         FROM (%s) AS demand
                        WHERE running > free AND due <= %s
                        GROUP BY order_id
                   ) AS short ON short.order_id = so.id""",
                self._get_demand_query(),
                self._before("days", ahead=True),
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "%(missing)s missing of %(products)s product(s), needed on %(moment)s",
                    missing=self._say_number(row["missing"]),
                    products=row["products"],
                    moment=self._say_moment(row["due"], row["company_id"]),
                ),
            )
            for row in rows
        ]

    def _get_demand_query(self):
        """Return the SQL of what moves of sold goods still need, in the products' units: running
        total by warehouse and product beside what is free there. What waits for a purchase or for
        another transfer is the matter of those."""
        return SQL(
            """SELECT need.*, GREATEST(COALESCE(stock.free, 0), 0) AS free,
                      SUM(needed) OVER (PARTITION BY need.warehouse_id, need.product_id
                                        ORDER BY due, id) AS running
                 FROM (SELECT move.id, line.order_id, move.product_id, source.warehouse_id,
                              COALESCE(move.date_deadline, move.date) AS due,
                              move.product_qty * (1 - COALESCE(move.quantity, 0)
                                  / NULLIF(move.product_uom_qty, 0)) AS needed
                         FROM stock_move AS move
                         JOIN sale_order_line AS line ON line.id = move.sale_line_id
                         JOIN stock_location AS source ON source.id = move.location_id
                        WHERE move.state IN ('confirmed', 'partially_available')
                          AND source.usage = 'internal' AND %s) AS need
                 LEFT JOIN (SELECT place.warehouse_id, quant.product_id,
                                   SUM(quant.quantity - quant.reserved_quantity) AS free
                              FROM stock_quant AS quant
                              JOIN stock_location AS place ON place.id = quant.location_id
                             WHERE place.usage = 'internal'
                             GROUP BY place.warehouse_id, quant.product_id) AS stock
                        ON stock.warehouse_id = need.warehouse_id
                       AND stock.product_id = need.product_id
                WHERE needed > 0""",
            self._in_companies("move"),
        )
