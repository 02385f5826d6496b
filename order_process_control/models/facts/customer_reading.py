"""Everything that is known of the customers of some orders, read in one statement.

What they owe, their confirmed, reviewed and recent orders, what was paid online: each is one part
of a ``UNION``, so that a round of checks costs one query however many of them look here.
"""

from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models

from .commerce import remember


class Order(NamedTuple):
    """An order of a customer; amounts in the company's currency."""

    id: int
    name: str
    state: str
    in_review: bool
    reference: str
    created: object
    ordered: object
    amount: float
    not_invoiced: float
    goods: str


class Debt(NamedTuple):
    """Open journal items of a customer that are due on one day, in the company's currency."""

    due: object
    amount: float
    names: list


class Customers:
    """What was read: by (commercial partner id, company id), by order id, and ids of lines
    and products of which something is to be known."""

    def __init__(self):
        self.keys = {}
        self.orders = defaultdict(list)
        self.debts = defaultdict(list)
        self.paid = defaultdict(list)
        self.attributed = set()
        self.tax_included = set()
        self.carriers = set()

    def get_order(self, order_id):
        """Return the :class:`Order` of one of the orders themselves."""
        return next(row for row in self.get_orders(order_id) if row.id == order_id)

    def get_orders(self, order_id):
        """Return the :class:`Order` rows of the customer of an order, itself included."""
        return self.orders[self.keys[order_id]]

    def get_debts(self, order_id):
        """Return the :class:`Debt` rows of the customer of an order."""
        return self.debts[self.keys[order_id]]


class OrderReviewCriterion(models.Model):
    """What the commercial checks know of customers."""

    _inherit = "order.review.criterion"

    def _get_customers(self, orders):
        """Return the :class:`Customers` of these orders, in one query a run."""
        return remember(
            self.env, ("customers", orders._ids), lambda: self._read_customers(orders.sudo())
        )

    @api.model
    def _read_customers(self, orders):
        self._flush_customers()
        found = Customers()
        for kind, order_id, customer_id, company_id, data in self.env.execute_query(
            self._get_customers_query(orders)
        ):
            self._keep_customer_row(found, kind, order_id, (customer_id, company_id), data)
        batch = set(orders._ids)
        for key, rows in found.orders.items():
            rows.sort(key=lambda row: row.id)
            found.keys.update({row.id: key for row in rows if row.id in batch})
        return found

    @api.model
    def _keep_customer_row(self, found, kind, order_id, key, data):
        if kind == "order":
            to_datetime = fields.Datetime.to_datetime
            times = {name: to_datetime(data[name]) for name in ("created", "ordered")}
            found.orders[key].append(Order(**{**data, **times, "id": order_id}))
        elif kind == "debt":
            due = fields.Date.to_date(data["due"])
            found.debts[key].append(Debt(due, float(data["amount"]), data["names"]))
        elif kind == "paid":
            found.paid[order_id].append((data["currency"], float(data["amount"])))
        elif kind in ("attributed", "tax_included", "carriers"):
            getattr(found, kind).update(data)

    @api.model
    def _flush_customers(self):
        for model, names in {
            "res.partner": ["commercial_partner_id"],
            "res.company": ["order_split_days", "account_price_include"],
            "order.review": ["state"],
            "sale.order": [
                "partner_id",
                "company_id",
                "state",
                "current_review_id",
                "client_order_ref",
                "date_order",
                "amount_total",
                "currency_rate",
                "invoice_status",
                "delivery_status",
            ],
            "sale.order.line": [
                "order_id",
                "product_id",
                "product_uom_id",
                "product_uom_qty",
                "qty_delivered",
                "price_total",
                "display_type",
                "is_downpayment",
                "is_delivery",
                "invoice_lines",
                "product_no_variant_attribute_value_ids",
            ],
            "product.template": ["invoice_policy", "type"],
            "account.move": ["state", "move_type", "invoice_currency_rate"],
            "account.move.line": [
                "partner_id",
                "company_id",
                "parent_state",
                "reconciled",
                "account_id",
                "date_maturity",
                "amount_residual",
                "price_total",
            ],
            "account.account": ["account_type"],
            "account.tax": ["price_include_override", "amount_type"],
            "delivery.carrier": ["product_id"],
            "payment.transaction": ["state", "amount", "currency_id"],
        }.items():
            self.env[model].flush_model(names)
