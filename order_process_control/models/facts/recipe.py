from typing import NamedTuple

from odoo import api, models

# Enough for any real product, and an end to bills of materials that contain themselves
MAX_LEVELS = 8


class Recipe(NamedTuple):
    """How a product is made of others."""

    is_kit: bool
    # Days to produce it once the components are there
    days: int
    # [(component product id, quantity in its own unit for one of the product)]
    components: list


class OrderReviewCriterion(models.Model):
    """Bills of materials, where Manufacturing is installed."""

    _inherit = "order.review.criterion"

    @api.model
    def _get_recipes(self, products, company):
        """Return ``{product id: Recipe}`` of these products, of their components, and so on.

        A number of queries a level, however many products.
        """
        recipes = {}
        if "mrp.bom" not in self.env:
            return recipes
        # sudo: what a product is made of decides whether it can be promised, whoever asks
        seen, products = self.env["product.product"].sudo(), products.sudo()
        for _level in range(MAX_LEVELS):
            products -= seen
            if not products:
                break
            seen |= products
            found = self.env["mrp.bom"].sudo()._bom_find(products, company_id=company.id)
            for product, bom in found.items():
                if bom.type in ("phantom", "normal"):
                    recipes[product.id] = self._prepare_recipe(product, bom)
            products = (
                self.env["product.product"]
                .sudo()
                .browse(
                    {
                        component_id
                        for product in found
                        if product.id in recipes
                        for component_id, _quantity in recipes[product.id].components
                    }
                )
            )
        return recipes

    @api.model
    def _prepare_recipe(self, product, bom):
        made = bom.product_uom_id._compute_quantity(bom.product_qty, product.uom_id, round=False)
        return Recipe(
            is_kit=bom.type == "phantom",
            days=0 if bom.type == "phantom" else bom.produce_delay,
            components=[
                (
                    line.product_id.id,
                    line.product_uom_id._compute_quantity(
                        line.product_qty, line.product_id.uom_id, round=False
                    )
                    / (made or 1.0),
                )
                for line in bom.bom_line_ids
                if not line._skip_bom_line(product)
            ],
        )
