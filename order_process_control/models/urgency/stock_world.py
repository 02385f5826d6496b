"""Who holds what, who waits for what and what comes when, of the goods that one order lacks.

Read with a constant number of statements, however many moves there are; what is made of it are
plain figures in the unit of each product, with which ``stock_queue`` reckons without any query.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from odoo.tools import SQL

# Below any precision of a unit, above the noise of a float
EPSILON = 1e-6


@dataclass(slots=True)
class Demand:
    """One open move out of a stock location, and the order that it serves, if any."""

    move_id: int
    product_id: int
    location_id: int
    path: str
    quantity: float
    date: datetime
    promised: datetime
    priority: str
    picking_id: int
    owner_id: int
    order_id: int = None
    partner_id: int = None
    user_id: int = None
    amount: float = 0.0
    is_important: bool = False
    is_printed: bool = False
    reserved: float = 0.0
    # What is moved is a multiple of this, in the unit of the product; 0: any quantity
    step: float = 0.0

    @property
    def missing(self):
        return max(self.quantity - self.reserved, 0.0)


@dataclass(slots=True)
class Holding:
    """What one move has reserved of one lot, package and owner in one location."""

    key: tuple
    demand: Demand
    path: str
    quantity: float
    is_takable: bool


@dataclass
class Pool:
    """One product in one location with all below it: what is free, comes, is held and missed."""

    product_id: int
    path: str
    tracking: str
    free: float = 0.0
    # [(when, quantity)] in order of time
    receipts: list = field(default_factory=list)
    # When goods that are ordered now would be here; None when nobody supplies them
    replenished: datetime = None
    own: list = field(default_factory=list)
    others: list = field(default_factory=list)
    holdings: list = field(default_factory=list)


@dataclass
class World:
    """What an expedite of one order has to reckon with at one moment."""

    now: datetime
    order_id: int
    pools: list

    @property
    def own(self):
        return [demand for pool in self.pools for demand in pool.own]


def read_world(order, now):
    """Return the :class:`World` of a confirmed order, in six statements.

    :param order: one sale.order, as superuser: the stock is looked at as a whole
    :param datetime now: what counts as now
    """
    env = order.env
    env.flush_all()
    own = _read_own(env, order)
    world = World(now, order.id, [])
    if not own:
        return world
    products = tuple({demand.product_id for demand, _tracking in own})
    company_id = order.company_id.id
    others = _read_others(env, order, products)
    holdings = _read_holdings(env, company_id, products)
    pools = {}
    for demand, tracking in own:
        key = demand.product_id, demand.path
        pools.setdefault(key, Pool(*key, tracking)).own.append(demand)
    world.pools = list(pools.values())
    by_product = defaultdict(list)
    for demand in others:
        by_product[demand.product_id].append(demand)
    for pool in world.pools:
        pool.others = [d for d in by_product[pool.product_id] if d.path.startswith(pool.path)]
    _note_holdings(world, holdings)
    _note_free(env, company_id, products, world)
    _note_receipts(env, company_id, products, world)
    _note_replenishment(env, order.company_id, products, world)
    return world


def _get_move_condition():
    """Return which moves take from stock by reservation, not from a move before them."""
    return SQL(
        """move.state IN ('confirmed', 'partially_available', 'assigned', 'waiting')
           AND move.procure_method = 'make_to_stock'
           AND move.picked IS NOT TRUE
           AND move.origin_returned_move_id IS NULL
           AND place.usage IN ('internal', 'transit')
           AND NOT EXISTS (SELECT FROM stock_move_move_rel AS chain
                            WHERE chain.move_dest_id = move.id)"""
    )


def _read_own(env, order):
    rows = env.execute_query(
        SQL(
            """
            SELECT move.id, move.product_id, move.location_id, place.parent_path,
                   move.product_qty, move.date,
                   COALESCE(orders.commitment_date, move.date_deadline, move.date),
                   orders.priority, move.picking_id, move.restrict_partner_id, orders.id,
                   CASE WHEN move.product_uom != template.uom_id THEN unit.factor / own.factor
                        ELSE 0 END,
                   template.tracking
              FROM stock_move AS move
              JOIN sale_order_line AS line ON line.id = move.sale_line_id
              JOIN sale_order AS orders ON orders.id = line.order_id
              JOIN stock_location AS place ON place.id = move.location_id
              JOIN product_product AS product ON product.id = move.product_id
              JOIN product_template AS template ON template.id = product.product_tmpl_id
              JOIN uom_uom AS unit ON unit.id = move.product_uom
              JOIN uom_uom AS own ON own.id = template.uom_id
             WHERE line.order_id = %s AND move.company_id = %s AND template.is_storable AND %s
             ORDER BY move.date, move.id
            """,
            order.id,
            order.company_id.id,
            _get_move_condition(),
        )
    )
    return [(Demand(*row, step=float(step)), tracking) for *row, step, tracking in rows]


def _read_others(env, order, products):
    rows = env.execute_query(
        SQL(
            """
            SELECT move.id, move.product_id, move.location_id, place.parent_path,
                   move.product_qty, move.date,
                   COALESCE(orders.commitment_date, move.date_deadline, move.date),
                   COALESCE(orders.priority, move.priority, '0'), move.picking_id,
                   move.restrict_partner_id, orders.id, orders.partner_id, orders.user_id,
                   orders.amount_total / COALESCE(NULLIF(orders.currency_rate, 0), 1),
                   COALESCE(orders.is_important OR orders.is_must_accept, FALSE),
                   COALESCE(picking.printed, FALSE)
              FROM stock_move AS move
              JOIN stock_location AS place ON place.id = move.location_id
              LEFT JOIN stock_picking AS picking ON picking.id = move.picking_id
              LEFT JOIN sale_order_line AS line ON line.id = move.sale_line_id
              LEFT JOIN sale_order AS orders ON orders.id = line.order_id
             WHERE move.product_id IN %s AND move.company_id = %s AND %s
               AND orders.id IS DISTINCT FROM %s
            """,
            products,
            order.company_id.id,
            _get_move_condition(),
            order.id,
        )
    )
    return [Demand(*row) for row in rows]


def _read_holdings(env, company_id, products):
    """Return rows (move, product, path, what is held, quantity, is free to be taken)."""
    return env.execute_query(
        SQL(
            """
            SELECT part.move_id, place.parent_path, part.location_id, part.lot_id, part.package_id,
                   part.owner_id, part.quantity_product_uom,
                   part.picked IS NOT TRUE AND part.result_package_id IS NULL
                   AND part.is_entire_pack IS NOT TRUE
              FROM stock_move_line AS part
              JOIN stock_location AS place ON place.id = part.location_id
             WHERE part.product_id IN %s AND part.company_id = %s
               AND part.state IN ('confirmed', 'partially_available', 'assigned', 'waiting')
               AND part.quantity_product_uom > 0
             ORDER BY part.id
            """,
            products,
            company_id,
        )
    )


def _note_holdings(world, rows):
    demands = {d.move_id: d for pool in world.pools for d in (*pool.own, *pool.others)}
    held, blocked = defaultdict(float), set()
    for move_id, path, location_id, lot_id, package_id, owner_id, quantity, is_takable in rows:
        if move_id in demands:
            demands[move_id].reserved += quantity
            key = move_id, location_id, lot_id, package_id, owner_id
            held[key, path] += quantity
            if not is_takable:
                blocked.add(key)
    by_move = defaultdict(list)
    for (key, path), quantity in held.items():
        demand = demands[key[0]]
        is_takable = key not in blocked and demand.order_id and not demand.is_printed
        by_move[key[0]].append(Holding(key, demand, path, quantity, bool(is_takable)))
    for pool in world.pools:
        pool.holdings = [
            holding
            for demand in pool.others
            for holding in by_move[demand.move_id]
            if holding.path.startswith(pool.path)
        ]


def _note_free(env, company_id, products, world):
    rows = env.execute_query(
        SQL(
            """
            SELECT quant.product_id, place.parent_path, quant.lot_id, quant.owner_id,
                   SUM(quant.quantity - quant.reserved_quantity)
              FROM stock_quant AS quant
              JOIN stock_location AS place ON place.id = quant.location_id
             WHERE quant.product_id IN %s AND place.usage IN ('internal', 'transit')
               AND (place.company_id = %s OR place.company_id IS NULL)
          GROUP BY quant.product_id, place.parent_path, quant.lot_id, quant.owner_id
            """,
            products,
            company_id,
        )
    )
    by_product = defaultdict(list)
    for product_id, *row in rows:
        by_product[product_id].append(row)
    for pool in world.pools:
        allowed = get_allowed_owners(pool)
        by_lot = defaultdict(float)
        for path, lot_id, owner_id, quantity in by_product[pool.product_id]:
            if path.startswith(pool.path) and owner_id in allowed:
                by_lot[lot_id] += quantity
        # Of a lot that is missing nothing is taken from another one
        pool.free = max(sum(max(q, 0.0) if lot else q for lot, q in by_lot.items()), 0.0)


def get_allowed_owners(pool):
    """Return whose goods the order may have: our own, and those its moves are meant for."""
    return {None, *(demand.owner_id for demand in pool.own)}


def _note_receipts(env, company_id, products, world):
    """Note what is planned to come, but for what is bought or made for another move."""
    rows = env.execute_query(
        SQL(
            """
            SELECT move.product_id, move.date, origin.parent_path, goal.parent_path,
                   move.product_qty
              FROM stock_move AS move
              JOIN stock_location AS origin ON origin.id = move.location_id
              JOIN stock_location AS goal
                ON goal.id = COALESCE(move.location_final_id, move.location_dest_id)
             WHERE move.product_id IN %s AND move.company_id = %s
               AND move.state IN ('confirmed', 'partially_available', 'assigned')
               AND goal.usage IN ('internal', 'transit')
               AND NOT EXISTS (
                   SELECT FROM stock_move_move_rel AS chain
                     JOIN stock_move AS next ON next.id = chain.move_dest_id
                     JOIN stock_location AS next_goal ON next_goal.id = next.location_dest_id
                    WHERE chain.move_orig_id = move.id AND next.state != 'cancel'
                      AND (next.sale_line_id IS NOT NULL OR next_goal.usage != 'internal'))
             ORDER BY move.date, move.id
            """,
            products,
            company_id,
        )
    )
    by_product = defaultdict(list)
    for product_id, *row in rows:
        by_product[product_id].append(row)
    for pool in world.pools:
        pool.receipts = [
            (max(date, world.now), quantity)
            for date, origin, goal, quantity in by_product[pool.product_id]
            if goal.startswith(pool.path) and not origin.startswith(pool.path)
        ]


def _note_replenishment(env, company, products, world):
    rows = env.execute_query(
        SQL(
            """
            SELECT product.id, MIN(seller.delay)
              FROM product_product AS product
              JOIN product_supplierinfo AS seller
                ON seller.product_tmpl_id = product.product_tmpl_id
             WHERE product.id IN %s
               AND (seller.product_id IS NULL OR seller.product_id = product.id)
               AND (seller.company_id IS NULL OR seller.company_id = %s)
          GROUP BY product.id
            """,
            products,
            company.id,
        )
    )
    days = {product_id: delay + company.days_to_purchase for product_id, delay in rows}
    for pool in world.pools:
        if pool.product_id in days:
            pool.replenished = world.now + timedelta(days=days[pool.product_id])
