"""Everything that is known of the customers of some orders, read in one statement.

What they owe, their confirmed, reviewed and recent orders, what was paid online: each is one part
of a ``UNION``, so that a round of checks costs one query however many of them look here.
"""

from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .commerce import get_days, remember

DUPLICATE_DAYS = 7


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
    """What was read: by (commercial partner id, company id), by order id or by line id."""

    def __init__(self):
        self.keys = {}
        self.orders = defaultdict(list)
        self.debts = defaultdict(list)
        self.paid = defaultdict(list)
        self.attributed = set()

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
            times = {name: fields.Datetime.to_datetime(data[name]) for name in ("created", "ordered")}
            found.orders[key].append(Order(**{**data, **times, "id": order_id}))
        elif kind == "debt":
            due = fields.Date.to_date(data["due"])
            found.debts[key].append(Debt(due, float(data["amount"]), data["names"]))
        elif kind == "paid":
            found.paid[order_id].append((data["currency"], float(data["amount"])))
        elif kind == "attributed":
            found.attributed.update(data)

    @api.model
    def _flush_customers(self):
        for model, names in {
            "res.partner": ["commercial_partner_id"],
            "res.company": ["order_split_days"],
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
            "payment.transaction": ["state", "amount", "currency_id"],
        }.items():
            self.env[model].flush_model(names)

    # === THE STATEMENT ===#

    @api.model
    def _get_customers_query(self, orders):
        return SQL(
            """
            WITH head AS MATERIALIZED (
                 SELECT o.id, o.company_id, contact.commercial_partner_id AS customer_id,
                        o.create_date
                   FROM sale_order AS o
                   JOIN res_partner AS contact ON contact.id = o.partner_id
                  WHERE o.id IN %(ids)s),
                 customer AS MATERIALIZED (
                 SELECT head.customer_id, head.company_id,
                        LEAST(min(head.create_date), %(now)s) - make_interval(
                            days => GREATEST(max(company.order_split_days), %(days)s)) AS since
                   FROM head
                   JOIN res_company AS company ON company.id = head.company_id
                  GROUP BY head.customer_id, head.company_id)
            %(parts)s
            """,
            ids=orders._ids or (0,),
            now=fields.Datetime.now(),
            days=int(max(get_days(self.env), DUPLICATE_DAYS)),
            parts=SQL(" UNION ALL ").join(self._get_customers_parts(orders)),
        )

    @api.model
    def _get_customers_parts(self, orders):
        """Return the parts of the statement: (kind, order id, commercial partner id, company id,
        JSON). They may use ``head``, the orders, and ``customer``, their customers."""
        return [
            self._get_orders_sql(orders),
            self._get_debts_sql(),
            self._get_paid_sql(),
            self._get_attributed_sql(),
        ]

    @api.model
    def _get_orders_sql(self, orders):
        """The orders themselves, and of their customers what is in review, recent, or confirmed
        and not all invoiced."""
        return SQL(
            """
            SELECT 'order' AS kind, o.id, customer.customer_id, customer.company_id,
                   jsonb_build_object(
                       'name', o.name, 'state', o.state,
                       'in_review', o.state IN ('draft', 'sent')
                           AND (o.id IN %(ids)s OR review.id IS NOT NULL),
                       'reference', lower(trim(COALESCE(o.client_order_ref, ''))),
                       'created', to_char(o.create_date, 'YYYY-MM-DD HH24:MI:SS'),
                       'ordered', to_char(o.date_order, 'YYYY-MM-DD HH24:MI:SS'),
                       'amount', amounts.total,
                       'not_invoiced', CASE WHEN o.state != 'sale' THEN amounts.total
                           ELSE GREATEST(amounts.expected / amounts.rate - amounts.invoiced, 0)
                           END,
                       'goods', amounts.goods)
              FROM customer
              JOIN res_partner AS contact
                ON contact.commercial_partner_id = customer.customer_id
              JOIN sale_order AS o
                ON o.partner_id = contact.id AND o.company_id = customer.company_id
              LEFT JOIN order_review AS review
                ON review.id = o.current_review_id AND review.state IN ('in_progress', 'approved')
             CROSS JOIN LATERAL (%(amounts)s) AS amounts
             WHERE o.id IN %(ids)s
                OR o.state IN ('draft', 'sent')
                   AND (review.id IS NOT NULL OR o.create_date >= customer.since)
                OR o.state = 'sale'
                   AND (GREATEST(o.date_order, o.create_date) >= customer.since
                        OR o.invoice_status IS DISTINCT FROM 'invoiced'
                        OR EXISTS (SELECT FROM sale_order_line AS l
                                     JOIN sale_order_line_invoice_rel AS rel
                                       ON rel.order_line_id = l.id
                                     JOIN account_move_line AS item
                                       ON item.id = rel.invoice_line_id
                                    WHERE l.order_id = o.id AND item.parent_state = 'draft'))
            """,
            ids=orders._ids or (0,),
            amounts=self._get_amounts_sql(),
        )

    @api.model
    def _get_amounts_sql(self):
        """Of order ``o``: its total, what will have to be invoiced and what has been, tax included,
        and its goods in one text.

        Once all is delivered what was not shipped is not going to be invoiced, where the product
        is invoiced by delivery. A posted credit note opens what it credits again, as in Odoo.
        """
        return SQL(
            """
            SELECT o.amount_total / own.rate AS total, own.rate, own.expected, own.goods,
                   COALESCE((
                       SELECT sum(CASE move.move_type WHEN 'out_refund' THEN -item.price_total
                                       ELSE item.price_total END
                                  / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1))
                         FROM sale_order_line AS l
                         JOIN sale_order_line_invoice_rel AS rel ON rel.order_line_id = l.id
                         JOIN account_move_line AS item ON item.id = rel.invoice_line_id
                         JOIN account_move AS move ON move.id = item.move_id
                        WHERE l.order_id = o.id AND move.state = 'posted'
                          AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                   ), 0) AS invoiced
              FROM (SELECT COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate,
                           sum(CASE WHEN line.quantity = 0 THEN 0 ELSE
                               line.price_total / line.quantity * line.counted END) AS expected,
                           string_agg(line.goods, ',' ORDER BY line.goods) AS goods
                      FROM (SELECT sum(l.price_total) AS price_total,
                                   sum(l.product_uom_qty) AS quantity,
                                   sum(CASE WHEN l.product_uom_qty <= 0 THEN l.product_uom_qty
                                            WHEN o.delivery_status = 'full'
                                             AND template.type = 'consu'
                                             AND template.invoice_policy = 'delivery'
                                            THEN l.qty_delivered
                                            ELSE GREATEST(l.product_uom_qty, l.qty_delivered)
                                       END) AS counted,
                                   CASE WHEN l.is_delivery IS NOT TRUE
                                         AND sum(l.product_uom_qty) > 0
                                        THEN concat_ws('x', l.product_id, l.product_uom_id,
                                             trim_scale(round(sum(l.product_uom_qty)::numeric, 4)))
                                   END AS goods
                              FROM sale_order_line AS l
                              JOIN product_product AS product ON product.id = l.product_id
                              JOIN product_template AS template
                                ON template.id = product.product_tmpl_id
                             WHERE l.order_id = o.id AND l.display_type IS NULL
                               AND l.is_downpayment IS NOT TRUE
                             GROUP BY l.product_id, l.product_uom_id, l.is_delivery,
                                      l.product_uom_qty > 0) AS line) AS own
            """
        )

    @api.model
    def _get_debts_sql(self):
        """Posted, open receivables of the customers by due date."""
        return SQL(
            """
            SELECT 'debt', NULL, customer.customer_id, customer.company_id,
                   jsonb_build_object(
                       'due', COALESCE(item.date_maturity, item.date),
                       'amount', sum(item.amount_residual),
                       'names', jsonb_agg(item.move_name ORDER BY item.id))
              FROM customer
              JOIN res_partner AS contact
                ON contact.commercial_partner_id = customer.customer_id
              JOIN account_move_line AS item
                ON item.partner_id = contact.id AND item.company_id = customer.company_id
              JOIN account_account AS account ON account.id = item.account_id
             WHERE item.parent_state = 'posted' AND item.reconciled IS NOT TRUE
               AND account.account_type = 'asset_receivable' AND item.amount_residual != 0
             GROUP BY customer.customer_id, customer.company_id,
                      COALESCE(item.date_maturity, item.date), item.amount_residual > 0
            """
        )

    @api.model
    def _get_paid_sql(self):
        """What was paid or authorised online for the orders themselves, by currency."""
        return SQL(
            """
            SELECT 'paid', head.id, head.customer_id, head.company_id,
                   jsonb_build_object('currency', payment.currency_id, 'amount', sum(payment.amount))
              FROM head
              JOIN sale_order_transaction_rel AS rel ON rel.sale_order_id = head.id
              JOIN payment_transaction AS payment ON payment.id = rel.transaction_id
             WHERE payment.state IN ('authorized', 'done')
             GROUP BY head.id, head.customer_id, head.company_id, payment.currency_id
            """
        )

    @api.model
    def _get_attributed_sql(self):
        """Which lines carry attribute values that may have a price of their own."""
        field = self.env["sale.order.line"]._fields["product_no_variant_attribute_value_ids"]
        return SQL(
            """
            SELECT 'attributed', NULL, NULL, NULL, jsonb_agg(DISTINCT l.id)
              FROM head
              JOIN sale_order_line AS l ON l.order_id = head.id
              JOIN %(relation)s AS rel ON rel.%(line)s = l.id
            HAVING count(*) > 0
            """,
            relation=SQL.identifier(field.relation),
            line=SQL.identifier(field.column1),
        )
