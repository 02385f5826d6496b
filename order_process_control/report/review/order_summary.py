from odoo import api, models
from odoo.tools import format_amount


class ReportOrderSummary(models.AbstractModel):
    """Order Summary Table of the chosen orders (R-081)."""

    _name = "report.order_process_control.order_summary"
    _description = "Order Summary Table"
    _inherit = "order.record.mixin"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one row for each order, in the language and time zone of the reader.

        :param list docids: ids of orders
        :raise AccessError: for whoever may not read these orders
        """
        self._check_reader()
        orders = self.env["sale.order"].browse(docids)
        orders.check_access("read")
        return {
            **self._prepare_values(orders._name, orders),
            # sudo: name, logo and address of the company that the orders are of
            "companies": {
                company.sudo(): self._prepare_table(some)
                for company, some in orders.grouped("company_id").items()
            },
        }

    @api.model
    def _prepare_table(self, orders):
        """Return the orders of one company, with a total a currency."""
        totals = [
            format_amount(self.env, sum(some.mapped("amount_total")), currency)
            for currency, some in orders.grouped("currency_id").items()
        ]
        return {
            "rows": [self._prepare_row(order) for order in orders.sorted("name")],
            "totals": totals,
        }

    @api.model
    def _prepare_row(self, order):
        return {
            "name": order.name,
            "customer": order.partner_id.display_name,
            "reference": order.client_order_ref or "",
            "received": self._format_day(order.received_at),
            "class": order.class_id.name or "",
            "amount": format_amount(self.env, order.amount_total, order.currency_id),
            "promised": self._format_day(order.commitment_date),
            "result": self._get_label(order, "review_result"),
            "released": self._format_time(order.released_at),
            "released_by": self._get_name(order.released_by),
            "state": self._get_label(order, "state"),
            "delivery": self._get_label(order, "delivery_status"),
        }
