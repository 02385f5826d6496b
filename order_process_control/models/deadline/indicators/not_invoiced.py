from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("not_invoiced", "Delivered but not invoiced")],
        ondelete={"not_invoiced": "cascade"},
    )

    @alerts_when(
        _lt("Goods left %(limit)s ago or earlier, and part of them is not invoiced."), unit="days"
    )
    def _find_not_invoiced(self):
        rows = self._fetch_orders(
            where=SQL(
                """so.state = 'sale' AND so.invoice_status = 'to invoice'
                   AND EXISTS (SELECT FROM sale_order_line AS line
                                WHERE line.order_id = so.id AND line.display_type IS NULL
                                  AND line.qty_delivered > line.qty_invoiced)"""
            ),
            urgency=SQL("shipped.first"),
            columns=SQL("shipped.first"),
            joins=SQL(
                """JOIN LATERAL (SELECT MIN(picking.date_done) AS first
                                   FROM stock_picking AS picking
                                   JOIN stock_location AS target
                                     ON target.id = picking.location_dest_id
                                  WHERE picking.sale_id = so.id AND picking.state = 'done'
                                    AND target.usage = 'customer'
                                ) AS shipped ON shipped.first < %s""",
                self._before("days"),
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "delivered since %s",
                    self._say_moment(row["first"], row["company_id"]),
                ),
            )
            for row in rows
        ]
