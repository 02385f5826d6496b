from odoo import api, fields, models
from odoo.tools import SQL

from .commerce import get_days

# How far apart two orders may be that look like the same one, unless a check says otherwise
DUPLICATE_DAYS = 7


class OrderReviewCriterion(models.Model):
    """The statement that reads what is known of customers, part by part."""

    _inherit = "order.review.criterion"

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
            self._get_tax_included_sql(),
            self._get_carriers_sql(),
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
                   jsonb_build_object(
                       'currency', payment.currency_id, 'amount', sum(payment.amount))
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

    @api.model
    def _get_tax_included_sql(self):
        """Which products have a price that includes tax: a fiscal position may change it."""
        return SQL(
            """
            SELECT 'tax_included', NULL, NULL, NULL, jsonb_agg(DISTINCT l.product_id)
              FROM head
              JOIN res_company AS company ON company.id = head.company_id
              JOIN sale_order_line AS l ON l.order_id = head.id
              JOIN product_product AS product ON product.id = l.product_id
              JOIN product_taxes_rel AS rel ON rel.prod_id = product.product_tmpl_id
              JOIN account_tax AS tax ON tax.id = rel.tax_id
             WHERE tax.amount_type = 'group'
                OR COALESCE(tax.price_include_override, company.account_price_include)
                   = 'tax_included'
            HAVING count(*) > 0
            """
        )

    @api.model
    def _get_carriers_sql(self):
        """Which services are carriers' own: any line may carry the flag of a delivery."""
        return SQL(
            """
            SELECT 'carriers', NULL, NULL, NULL, jsonb_agg(DISTINCT l.product_id)
              FROM head
              JOIN sale_order_line AS l ON l.order_id = head.id AND l.is_delivery IS TRUE
              JOIN delivery_carrier AS carrier ON carrier.product_id = l.product_id
              JOIN product_product AS product ON product.id = l.product_id
              JOIN product_template AS template
                ON template.id = product.product_tmpl_id AND template.type = 'service'
            HAVING count(*) > 0
            """
        )
