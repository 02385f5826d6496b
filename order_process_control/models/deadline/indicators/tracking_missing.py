from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("tracking_missing", "Shipped without tracking number")],
        ondelete={"tracking_missing": "cascade"},
    )

    @alerts_when(
        _lt(
            "A delivery left with a carrier, and %(limit)s later there is no tracking number on it."
            " Nothing is asked of customers who pick up in the store."
        ),
        unit="hours",
    )
    def _find_tracking_missing(self):
        """R-303, and R-307: whatever delivers the state of logistics writes this number."""
        rows = self._fetch(
            SQL(
                """SELECT picking.id AS res_id, picking.sale_id AS order_id, picking.company_id,
                          COALESCE(picking.user_id, so.user_id) AS user_id,
                          picking.name AS document, picking.date_done AS urgency,
                          picking.date_done
                     FROM stock_picking AS picking
                     JOIN stock_location AS target ON target.id = picking.location_dest_id
                     JOIN delivery_carrier AS carrier ON carrier.id = picking.carrier_id
                     JOIN sale_order AS so ON so.id = picking.sale_id
                    WHERE picking.state = 'done' AND target.usage = 'customer'
                      AND COALESCE(TRIM(picking.carrier_tracking_ref), '') = ''
                      AND carrier.delivery_type != 'in_store'
                      AND picking.date_done < %s AND %s AND %s""",
                self._before("hours"),
                self._recent(SQL("picking.date_done"), SQL("picking.id")),
                self._in_companies("picking"),
            )
        )
        return [
            self._prepare_cause(
                row,
                self.env._("left on %s", self._say_moment(row["date_done"], row["company_id"])),
                "stock.picking",
            )
            for row in rows
        ]
