import hashlib
import json

from odoo import api, models
from odoo.tools import SQL

from .content import fact_sql, text_sql, to_fact

# Who is watched, in the order in which a person reads an order
ASPECTS = ("customer", "addresses", "goods", "price", "dates", "class")


class SaleOrder(models.Model):
    """What of an order is reviewed: facts that are compared, and a snapshot that is read."""

    _inherit = "sale.order"

    @api.model
    def _get_watched_fields(self):
        """Return what counts as content: ``{aspect: (fields of the order, fields of its lines)}``.

        The one place to extend when another field must not change without a new review. The
        fields have to be stored.
        """
        return {
            "customer": (["partner_id"], []),
            "addresses": (["partner_invoice_id", "partner_shipping_id"], []),
            "goods": (
                ["requirement_properties"],
                [
                    "product_id",
                    "product_uom_qty",
                    "product_uom_id",
                    "name",
                    "product_no_variant_attribute_value_ids",
                    "product_custom_attribute_value_ids",
                ],
            ),
            "price": (
                [
                    "currency_id",
                    "pricelist_id",
                    "payment_term_id",
                    "fiscal_position_id",
                    "require_payment",
                    "prepayment_percent",
                    "incoterm",
                    "incoterm_location",
                    "note",
                ],
                ["price_unit", "discount", "tax_ids", "price_subtotal"],
            ),
            "dates": (["commitment_date"], ["customer_lead"]),
            "class": (
                [
                    "class_id",
                    "medium_id",
                    "user_id",
                    "is_important",
                    "is_must_accept",
                    "special_reason_ids",
                ],
                [],
            ),
        }

    @api.model
    def _get_optional_facts(self):
        """Return the watched fields that are content only where they have a value, so that what
        was signed before they were watched is still what was signed."""
        return {"requirement_properties"}

    @api.model
    def _get_content_fields(self):
        """Return the fields of the order through which its content can change."""
        return {"order_line"}.union(
            *(names for names, _lines in self._get_watched_fields().values())
        )

    @api.model
    def _get_content_line_fields(self):
        """Return the fields of a line through which the content of its order can change."""
        return {"order_id", "display_type", "is_downpayment"}.union(
            *(names for _order, names in self._get_watched_fields().values())
        )

    @api.model
    def _get_content_line_condition(self):
        """Return which lines ``l`` are content, as SQL."""
        lines = self.env["sale.order.line"]
        lines.flush_model(lines._get_not_content_fields())
        return SQL("NOT %s", lines._get_not_content_sql())

    def _get_watched_lines(self):
        """Return the lines of these orders that are content."""
        fields = self.env["sale.order.line"]._fields
        rows = self.env.execute_query(
            SQL(
                "SELECT l.id FROM sale_order_line AS l WHERE %s IN %s AND %s ORDER BY %s, l.id",
                SQL.identifier("l", "order_id", to_flush=fields["order_id"]),
                self._ids or (0,),
                self._get_content_line_condition(),
                SQL.identifier("l", "sequence", to_flush=fields["sequence"]),
            )
        )
        return self.env["sale.order.line"].browse(line_id for (line_id,) in rows)

    def _get_review_contents(self):
        """Return ``{order id: {aspect: facts}}`` of ids and figures, comparable between times."""
        return {
            order_id: self._prepare_content(order, lines)
            for order_id, order, lines in self._query_content([fact_sql])
        }

    def _get_review_snapshots(self):
        """Return ``{order id: (content, snapshot)}``: the facts and the same in words, with
        currency and precision, readable for ever."""
        heading = [
            SQL("o.name"),
            SQL("currency.name"),
            SQL("currency.decimal_places"),
            SQL("o.amount_untaxed"),
            SQL("o.amount_total"),
            SQL("o.priority"),
        ]
        return {
            order_id: (
                self._prepare_content(order, lines),
                self._prepare_snapshot(order, lines, heading_values),
            )
            for order_id, order, lines, *heading_values in self._query_content(
                [fact_sql, text_sql], heading
            )
        }

    def _query_content(self, readings, extra=(), joins=None):
        """Read the watched fields of these orders.

        :param readings: ``fact_sql`` and possibly ``text_sql``
        :return: (order id, values of the order a reading, [[line id, values a reading]], *extra)
        """
        if not self.ids:
            return []
        return self.env.execute_query(self._get_content_query(readings, extra, joins))

    def _get_content_query(self, readings, extra=(), joins=None):
        """Return the query of :meth:`_query_content`."""
        # sudo: whoever compares, it is the whole order that is compared
        orders, lines = self.sudo(), self.env["sale.order.line"].sudo()
        order_names, line_names = self._get_watched_names()
        orders.flush_model(["amount_untaxed", "amount_total", "state"])
        return SQL(
            """
            SELECT o.id, jsonb_build_array(%(order_values)s) AS facts,
                   (SELECT jsonb_agg(
                           jsonb_build_array(l.id, %(line_values)s)
                           ORDER BY l.sequence, l.id)
                      FROM sale_order_line AS l
                     WHERE l.order_id = o.id AND %(is_content)s) AS lines
                   %(extra)s
              FROM sale_order AS o
              LEFT JOIN res_currency AS currency ON currency.id = o.currency_id
              %(joins)s
             WHERE o.id IN %(ids)s
            """,
            order_values=self._get_values_sql(readings, orders, order_names, "o"),
            line_values=self._get_values_sql(readings, lines, line_names, "l"),
            is_content=self._get_content_line_condition(),
            extra=SQL("").join(SQL(", %s", column) for column in extra),
            joins=joins or SQL(),
            ids=tuple(self.ids),
        )

    @api.model
    def _get_values_sql(self, readings, model, names, alias):
        return SQL(", ").join(
            SQL(
                "jsonb_build_array(%s)",
                SQL(", ").join(reading(model, name, alias) for name in names),
            )
            for reading in readings
        )

    @api.model
    def _get_watched_names(self):
        """Return the names of the watched fields of the order and of its lines, each once."""
        watched = self._get_watched_fields().values()
        return (
            [name for names, _lines in watched for name in names],
            [name for _order, names in watched for name in names],
        )

    @api.model
    def _prepare_content(self, order_values, lines):
        order_names, line_names = self._get_watched_names()
        order_facts = self._get_facts(self, order_names, order_values[0])
        for name in self._get_optional_facts():
            if order_facts.get(name) is None:
                order_facts.pop(name, None)
        line_facts = {
            str(line_id): self._get_facts(self.env["sale.order.line"], line_names, values)
            for line_id, values, *_words in lines or ()
        }
        return {
            aspect: {
                "order": {name: order_facts[name] for name in names if name in order_facts},
                "lines": {
                    line_id: {name: facts[name] for name in line_aspect}
                    for line_id, facts in (line_facts.items() if line_aspect else ())
                },
            }
            for aspect, (names, line_aspect) in self._get_watched_fields().items()
        }

    @api.model
    def _get_facts(self, model, names, values):
        return {
            name: to_fact(model._fields[name], value)
            for name, value in zip(names, values, strict=True)
        }

    @api.model
    def _prepare_snapshot(self, order_values, lines, heading):
        order_names, line_names = self._get_watched_names()
        name, currency, digits, amount_untaxed, amount_total, priority = heading
        return {
            "order": name,
            "currency": currency,
            "digits": digits,
            "amount_untaxed": float(amount_untaxed or 0.0),
            "amount_total": float(amount_total or 0.0),
            "urgent": priority == "1",
            "fields": dict(zip(order_names, order_values[1], strict=True)),
            "lines": [
                {"id": line_id, **dict(zip(line_names, words, strict=True))}
                for line_id, _facts, words in lines or ()
            ],
        }

    @api.model
    def _get_fingerprint(self, content):
        """Return the digest of one content of :meth:`_get_review_contents`, or of part of it."""
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
