import hashlib
import json

from odoo import api, models
from odoo.tools import format_date

from .content import get_facts


class SaleOrder(models.Model):
    """What of an order is reviewed: facts that are compared, and a snapshot that is read."""

    _inherit = "sale.order"

    @api.model
    def _get_watched_fields(self):
        """Return what counts as content: ``{aspect: (fields of the order, fields of its lines)}``.

        The one place to extend when another field must not change without a new review.
        """
        return {
            "customer": (["partner_id"], []),
            "addresses": (["partner_invoice_id", "partner_shipping_id"], []),
            "goods": (
                [],
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

    def _get_watched_lines(self):
        """Return the lines that are content: neither sections and notes nor down payments."""
        return self.order_line.filtered(
            lambda line: not line.display_type
            and not (line.is_downpayment and not line.product_uom_qty)
        )

    def _get_review_contents(self):
        """Return ``{order id: {aspect: facts}}`` of ids and figures, comparable between times."""
        watched = self._get_watched_fields()
        return {
            # sudo: whoever compares, it is the whole order that is compared
            order.id: {
                aspect: {
                    "order": get_facts(order, order_fields),
                    "lines": {
                        str(line.id): get_facts(line, line_fields)
                        for line in (order._get_watched_lines() if line_fields else ())
                    },
                }
                for aspect, (order_fields, line_fields) in watched.items()
            }
            for order in self.sudo()
        }

    @api.model
    def _get_fingerprint(self, content):
        """Return the digest of one content of :meth:`_get_review_contents`."""
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _has_content_of(self, review):
        """Tell whether this order is still what was submitted in ``review``."""
        self.ensure_one()
        content = self._get_review_contents()[self.id]
        return self._get_fingerprint(content) == review.sudo().fingerprint

    def _get_review_snapshot(self):
        """Return what is submitted in words and with its currency, readable for ever."""
        self.ensure_one()
        order = self.sudo()
        return {
            "order": order.name,
            "customer": order.partner_id.display_name,
            "shipping_address": order.partner_shipping_id.with_context(
                show_address=True
            ).display_name,
            "promised": order.commitment_date and format_date(self.env, order.commitment_date),
            "payment_term": order.payment_term_id.display_name,
            "class": order.class_id.display_name,
            "channel": order.medium_id.display_name,
            "salesperson": order.user_id.name,
            "reasons": order.special_reason_ids.mapped("name"),
            "urgent": order.priority == "1",
            "important": order.is_important,
            "currency": order.currency_id.name,
            "amount_untaxed": order.currency_id.format(order.amount_untaxed),
            "amount_total": order.currency_id.format(order.amount_total),
            "lines": [line._get_review_snapshot() for line in order._get_watched_lines()],
        }

    def _get_stock_needs(self):
        """Return ``{order id: {product: quantity in the product's unit}}`` of storable goods."""
        needs = {}
        for order in self:
            need = needs.setdefault(order.id, {})
            for line in order._get_watched_lines():
                product = line.product_id
                if product.is_storable:
                    quantity = line.product_uom_id._compute_quantity(
                        line.product_uom_qty, product.uom_id
                    )
                    need[product] = need.get(product, 0.0) + quantity
        return needs
