from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("quantity_above", "Quantity above a limit")],
        ondelete={"quantity_above": "cascade"},
    )

    @alerts_when(
        _lt(
            "A line of an order that is under way asks for more than %(limit)s, in the line's unit"
            " of measure."
        ),
        unit="quantity",
    )
    def _find_quantity_above(self):
        rows = self._fetch_orders(
            where=self._is_underway(),
            urgency=SQL("-line.quantity"),
            columns=SQL("line.quantity, line.name"),
            joins=SQL(
                """JOIN LATERAL (SELECT product_uom_qty AS quantity, name FROM sale_order_line
                                  WHERE order_id = so.id AND display_type IS NULL
                                    AND product_uom_qty > %s
                                  ORDER BY product_uom_qty DESC, id LIMIT 1) AS line ON TRUE""",
                self.threshold,
            ),
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "%(quantity)s × %(product)s",
                    quantity=self._say_number(row["quantity"]),
                    product=row["name"].split("\n")[0],
                ),
            )
            for row in rows
        ]
