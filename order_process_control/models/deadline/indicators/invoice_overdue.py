from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("invoice_overdue", "Invoice overdue")],
        ondelete={"invoice_overdue": "cascade"},
    )

    @alerts_when(
        _lt("The invoice of an order is not paid %(limit)s after it was due."),
        unit="days",
        is_confidential=True,
    )
    def _find_invoice_overdue(self):
        rows = self._fetch(
            SQL(
                """SELECT invoice.id AS res_id, sold.order_id, invoice.company_id,
                          COALESCE(invoice.invoice_user_id, so.user_id) AS user_id,
                          invoice.name AS document, invoice.invoice_date_due AS urgency,
                          invoice.invoice_date_due, invoice.amount_residual_signed AS amount
                     FROM account_move AS invoice
                     JOIN LATERAL (
                          SELECT MIN(line.order_id) AS order_id
                            FROM account_move_line AS item
                            JOIN sale_order_line_invoice_rel AS link
                              ON link.invoice_line_id = item.id
                            JOIN sale_order_line AS line ON line.id = link.order_line_id
                           WHERE item.move_id = invoice.id) AS sold ON sold.order_id IS NOT NULL
                     JOIN sale_order AS so ON so.id = sold.order_id
                    WHERE invoice.move_type = 'out_invoice' AND invoice.state = 'posted'
                      AND invoice.payment_state IN ('not_paid', 'partial')
                      AND invoice.invoice_date_due < %s AND %s""",
                self._before("days").date(),
                self._in_companies("invoice"),
            )
        )
        return [
            self._prepare_cause(
                row,
                self.env._(
                    "%(amount)s due since %(day)s",
                    amount=self._say_amount(row["amount"], row["company_id"]),
                    day=self._say_day(row["invoice_date_due"]),
                ),
                "account.move",
            )
            for row in rows
        ]
