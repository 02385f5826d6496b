from odoo import api, fields, models


class OrderReviewCriterion(models.Model):
    """How long it takes to buy a product."""

    _inherit = "order.review.criterion"

    @api.model
    def _read_suppliers(self, products):
        """Return ``{template id: vendor prices}`` in the order in which Odoo prefers them."""
        # sudo: the vendor's delay decides what can be promised, whoever asks
        prices = (
            self.env["product.supplierinfo"]
            .sudo()
            .search_fetch(
                [
                    ("product_tmpl_id", "in", products.sudo().product_tmpl_id.ids),
                    ("partner_id.active", "=", True),
                ],
                [
                    "product_tmpl_id",
                    "product_id",
                    "company_id",
                    "product_uom_id",
                    "min_qty",
                    "date_start",
                    "date_end",
                    "delay",
                ],
                order="sequence, min_qty desc, price, id",
            )
        )
        return prices.grouped("product_tmpl_id")

    @api.model
    def _get_purchase_days(self, prices, product, company, quantity):
        """Return how many days a vendor needs for a quantity, None when no vendor is known.

        Like Odoo's own procurement: the first vendor who sells that much today, else the first.
        """
        today = fields.Date.context_today(self)
        prices = [
            price
            for price in prices
            if (not price.company_id or price.company_id == company)
            and (not price.product_id or price.product_id == product)
        ]
        if not prices:
            return None

        def sells(price):
            wanted = quantity
            if price.product_uom_id and price.product_uom_id != product.uom_id:
                wanted = product.uom_id._compute_quantity(quantity, price.product_uom_id)
            return (
                wanted >= price.min_qty
                and (not price.date_start or price.date_start <= today)
                and (not price.date_end or price.date_end >= today)
            )

        chosen = next(filter(sells, prices), prices[0])
        return chosen.delay
