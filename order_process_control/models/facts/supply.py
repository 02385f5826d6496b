from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import float_compare

from .days import get_day, get_today, with_zone
from .memo import remember, with_memo
from .recipe import MAX_LEVELS
from .stock_picture import StockPicture, read_stock


@dataclass
class Need:
    """What one order needs of one product in one warehouse, in the product's unit."""

    place: tuple
    # What it is counted in, in words
    unit: str = ""
    quantity: float = 0.0
    lead: float = 0.0
    is_to_order: bool = False


@dataclass
class Supply:
    """All that the checks of goods and dates know of some orders (R-106, R-126, R-133)."""

    orders: object
    # [SupplyLine] of these orders
    lines: list
    today: object
    picture: StockPicture
    # Decimals of all units
    digits: int
    # {company id: CompanyDays}
    companies: dict
    # {company id: {product id: Recipe}}
    recipes: dict
    # {product id: product}, to be read together
    products: dict
    # {order id: [Need]}, kits taken apart
    needs: dict = field(default_factory=dict)
    # {order id: days} of what needs no stock, such as services
    leads: dict = field(default_factory=dict)
    ranks: dict = field(default_factory=dict)
    # {order id: name} of orders that compete with these
    names: dict = field(default_factory=dict)
    # {template: vendor prices}, read when something has to be bought
    prices: dict | None = None

    def get_steps(self, order, place):
        return self.picture.get_steps(place, self.ranks[order.id], order.id)

    def get_recipe(self, order, product_id):
        return self.recipes[order.company_id.id].get(product_id)

    def get_promised_day(self, order):
        return get_day(self.orders, order.commitment_date)

    def get_company(self, order):
        return self.companies[order.company_id.id]

    def is_enough(self, level, quantity):
        """Compare what is there with what is needed, as exactly as units are counted."""
        return float_compare(level, quantity, precision_digits=self.digits) >= 0


class OrderReviewCriterion(models.Model):
    """The figures behind the checks of goods and dates."""

    _inherit = "order.review.criterion"

    def _run_checks(self, orders):
        return super(OrderReviewCriterion, with_memo(self))._run_checks(orders)

    @api.model
    def _get_supply(self, orders):
        """Return the :class:`Supply` of ``orders``, the same for all checks of a run."""
        return remember(self.env, ("supply", orders._ids), lambda: self._read_supply(orders))

    @api.model
    def _read_supply(self, orders):
        # sudo: a salesperson need not see the stock of every location to get an answer
        orders = with_zone(orders.sudo())
        lines = orders._read_supply_lines()
        products = self.env["product.product"].sudo()
        stocked = [line for line in lines if line.product_type != "service"]
        recipes = {
            company.id: self._get_recipes(
                products.browse({ln.product_id for ln in stocked if ln.company_id == company.id}),
                company,
            )
            for company in orders.company_id
        }
        product_ids = {line.product_id for line in lines}.union(
            component_id
            for of_company in recipes.values()
            for recipe in of_company.values()
            for component_id, _quantity in recipe.components
        )
        picture, companies = read_stock(
            self.env, product_ids, orders.company_id.ids, str(orders.env.tz)
        )
        supply = Supply(
            orders=orders,
            lines=[line for line in lines if line.order_id in set(orders._ids)],
            today=get_today(orders),
            picture=picture,
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
            companies=companies,
            recipes=recipes,
            products=self._browse_products(product_ids),
        )
        self._add_needs(supply, lines)
        return supply

    @api.model
    def _browse_products(self, product_ids):
        """Return ``{id: product}``, as superuser, to be read together.

        A product without variants has no attributes to be named after: that is known, so that
        Odoo does not look for them.
        """
        products = self.env["product.product"].sudo().browse(product_ids)
        plain = products.filtered(lambda product: not product.combination_indices)
        plain._fields["product_template_attribute_value_ids"]._update_cache(plain, ())
        return {product.id: product for product in products}

    @api.model
    def _add_needs(self, supply, lines):
        """Sort out who needs what: the orders that are checked, and those that compete."""
        own = set(supply.orders._ids)
        needs = {order_id: {} for order_id in own}
        supply.ranks = {order_id: (2, order_id) for order_id in own}
        for line in lines:
            supply.names[line.order_id] = line.order_name
            goods = self._take_apart(supply, line)
            if line.state != "sale" and not line.is_to_order:
                self._add_demands(supply, line, goods)
            if line.order_id not in own:
                continue
            supply.ranks[line.order_id] = line.rank
            if not goods:
                leads = supply.leads
                leads[line.order_id] = max(leads.get(line.order_id, 0.0), line.lead)
            for place, quantity in goods.items():
                unit = line.unit if place[1] == line.product_id else ""
                need = needs[line.order_id].setdefault(place, Need(place, unit))
                need.quantity += quantity
                need.lead = max(need.lead, line.lead)
                need.is_to_order = need.is_to_order or line.is_to_order
        supply.needs = {order_id: list(of_order.values()) for order_id, of_order in needs.items()}

    @api.model
    def _add_demands(self, supply, line, goods):
        day = get_day(supply.orders, line.promised)
        if day:
            day -= supply.companies[line.company_id].margin
        for place, quantity in goods.items():
            supply.picture.add_demand(place, line.rank, day, quantity, line.order_id)

    @api.model
    def _take_apart(self, supply, line):
        """Return ``{(warehouse id, product id): quantity}`` of the goods in stock that a line
        asks for: itself, or what its kit consists of."""
        goods = defaultdict(float)
        if line.product_type == "service" or line.quantity <= 0:
            return goods
        product = supply.products[line.product_id]
        quantity = line.quantity
        if line.uom_id != product.uom_id.id:
            # sudo: units are configuration
            unit = self.env["uom.uom"].sudo().browse(line.uom_id)
            quantity = unit._compute_quantity(quantity, product.uom_id)
        recipes = supply.recipes[line.company_id]
        parts = [(line.product_id, quantity, 0)]
        for product_id, quantity, level in parts:
            recipe = recipes.get(product_id)
            if recipe and recipe.is_kit and level < MAX_LEVELS:
                parts += [(id_, quantity * each, level + 1) for id_, each in recipe.components]
            elif supply.products[product_id].is_storable:
                goods[line.warehouse_id, product_id] += quantity
        return goods
