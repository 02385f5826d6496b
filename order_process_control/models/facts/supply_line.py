from typing import NamedTuple

from odoo import models
from odoo.tools import SQL


class SupplyLine(NamedTuple):
    """What one line asks for, or what an order before it asks for of the same product."""

    order_id: int
    order_name: str
    company_id: int
    warehouse_id: int
    product_id: int
    product_type: str
    is_storable: bool
    # In the unit of the line, without what was delivered
    quantity: float
    uom_id: int
    # Name of the product's own unit, in the reader's language
    unit: str
    # Days from the order to the delivery, as the line says
    lead: float
    # Datetime in UTC or None
    promised: object
    is_to_order: bool
    state: str
    # The round in progress or approved, None without
    review_id: int

    @property
    def rank(self):
        """First confirmed, then submitted, each in turn; what is not submitted comes last."""
        if self.state == "sale":
            return (0, 0)
        return (1, self.review_id) if self.review_id else (2, self.order_id)


class SaleOrder(models.Model):
    """What orders ask of warehouse, purchasing and production."""

    _inherit = "sale.order"

    def _read_supply_lines(self):
        """Return the :class:`SupplyLine` of these orders and of those that compete with them:
        quotations of the same companies that ask for the same products and are in review or
        released. One query for any number of orders.
        """
        orders, lines = self.env["sale.order"], self.env["sale.order.line"]
        orders.flush_model(
            ["company_id", "warehouse_id", "commitment_date", "state", "current_review_id", "name"]
        )
        lines.flush_model(self._get_supply_line_fields())
        self.env["order.review"].flush_model(["state"])
        self.env["product.template"].flush_model(
            ["type", "is_storable", "categ_id", "route_ids", "uom_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, o.name, o.company_id, COALESCE(l.warehouse_id, o.warehouse_id),
                       p.id, t.type, t.is_storable IS TRUE,
                       l.product_uom_qty - CASE WHEN o.state = 'sale'
                                                THEN COALESCE(l.qty_delivered, 0) ELSE 0 END,
                       l.product_uom_id, COALESCE(unit.name->>%(lang)s, unit.name->>'en_US'),
                       COALESCE(l.customer_lead, 0), o.commitment_date,
                       %(is_to_order)s, o.state, review.id
                  FROM sale_order_line AS l
                  JOIN sale_order AS o ON o.id = l.order_id
                  JOIN product_product AS p ON p.id = l.product_id
                  JOIN product_template AS t ON t.id = p.product_tmpl_id
                  JOIN uom_uom AS unit ON unit.id = t.uom_id
                  LEFT JOIN order_review AS review
                    ON review.id = o.current_review_id
                   AND review.state IN ('in_progress', 'approved')
                 WHERE %(is_content)s
                   AND (o.id IN %(ids)s
                        OR (o.state IN ('draft', 'sent')
                            AND review.id IS NOT NULL
                            AND o.company_id IN
                                (SELECT company_id FROM sale_order WHERE id IN %(ids)s)
                            AND l.product_id IN
                                (SELECT product_id FROM sale_order_line WHERE order_id IN %(ids)s)))
              ORDER BY l.sequence, l.id
                """,
                lang=self.env.lang or "en_US",
                is_to_order=self._get_to_order_sql(),
                is_content=self._get_content_line_condition(),
                ids=self._ids or (0,),
            )
        )
        return [SupplyLine(*row) for row in rows]

    def _get_supply_line_fields(self):
        """Return the fields of lines that :meth:`_read_supply_lines` reads."""
        return [
            "order_id",
            "warehouse_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "qty_delivered",
            "customer_lead",
            "route_ids",
            "sequence",
        ]

    def _get_to_order_sql(self):
        """Return a condition on line ``l`` of template ``t``: a route of the line, the product or
        its category supplies it anew for each order (replenish on order, dropship)."""
        routes = [
            (self.env["sale.order.line"]._fields["route_ids"], SQL("= l.id")),
            (self.env["product.template"]._fields["route_ids"], SQL("= t.id")),
            (
                self.env["product.category"]._fields["route_ids"],
                SQL(
                    """IN (SELECT parent.id
                             FROM product_category AS parent, product_category AS own
                            WHERE own.id = t.categ_id
                              AND own.parent_path LIKE parent.parent_path || '%%')"""
                ),
            ),
        ]
        return SQL(
            """EXISTS (
                SELECT 1
                  FROM stock_rule AS rule
                  JOIN stock_location AS destination ON destination.id = rule.location_dest_id
                 WHERE rule.active
                   AND (rule.company_id IS NULL OR rule.company_id = o.company_id)
                   AND destination.usage = 'customer'
                   AND (rule.action = 'buy' OR rule.procure_method = 'make_to_order')
                   AND rule.route_id IN (%s))""",
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s FROM %s WHERE %s %s",
                    SQL.identifier(field.column2),
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    condition,
                )
                for field, condition in routes
            ),
        )
