"""What is where and what is planned, as figures: no records, no queries once it is made."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from odoo.tools import SQL


class StockPicture:
    """Stock on hand and planned moves of some products in all warehouses of some companies,
    and what orders compete for, each ``(warehouse id, product id)`` in the product's unit."""

    def __init__(self, on_hand, free, moves):
        self._on_hand = on_hand
        self._free = free
        # {place: [(day, quantity in or out, order id or None)]}
        self._moves = moves
        # {place: [(rank, day or date.min, quantity, order id)]}
        self._demands = defaultdict(list)

    def add_demand(self, place, rank, day, quantity, order_id):
        """Note that an order that is not confirmed asks for a quantity."""
        self._demands[place].append((rank, day or date.min, quantity, order_id))

    def get_rivals(self, place, rank):
        """Return ``{order id: quantity}`` of what is asked for before ``rank``."""
        rivals = defaultdict(float)
        for other_rank, _day, quantity, order_id in self._demands.get(place, ()):
            if other_rank < rank:
                rivals[order_id] += quantity
        return rivals

    def get_elsewhere(self, place, company_warehouses):
        """Return what other warehouses hold of the product and have not reserved."""
        warehouse_id, product_id = place
        return sum(
            max(self._free.get((other, product_id), 0.0), 0.0)
            for other in company_warehouses
            if other != warehouse_id
        )

    def get_steps(self, place, rank, order_id):
        """Return ``[(day, what is there from that day on)]``, the first since ever, without the
        moves of the order itself and less what is asked for before it."""
        changes = defaultdict(float)
        for day, quantity, of_order in self._moves.get(place, ()):
            if of_order != order_id:
                changes[day] += quantity
        for other_rank, day, quantity, _order_id in self._demands.get(place, ()):
            if other_rank < rank:
                changes[day] -= quantity
        start = (date.min, self._on_hand.get(place, 0.0) + changes.pop(date.min, 0.0))
        return list(
            accumulate(sorted(changes.items()), lambda a, b: (b[0], a[1] + b[1]), initial=start)
        )


def get_forecast(steps, day):
    """Return what is there on ``day``, or after all that is planned without a day."""
    reached = [level for since, level in steps if day is None or since <= day]
    return reached[-1]


def get_lasting(steps, day):
    """Return what can be taken on ``day`` and leaves enough for all that is planned later."""
    later = [level for since, level in steps if day is not None and since > day]
    return min([get_forecast(steps, day), *later])


def get_first_day(steps, quantity, enough, lasting=False):
    """Return from which day on a quantity is there, ``date.min`` for now, None for never.

    :param enough: function (what is there, what is needed) -> bool
    :param bool lasting: so that it leaves enough for all that is planned later
    """
    get_level = get_lasting if lasting else get_forecast
    for day, _level in steps:
        if enough(get_level(steps, day), quantity):
            return day
    return None


class CompanyDays(NamedTuple):
    """What a company adds to the days that goods take, and its warehouses."""

    # Between goods that are ready and the promised day
    margin: timedelta
    # Before a vendor is asked to deliver
    to_purchase: int
    warehouse_ids: list


def read_stock(env, product_ids, company_ids, zone):
    """Return (:class:`StockPicture`, ``{company id: CompanyDays}``), in one query.

    :param zone: name of the time zone in which a move's day is counted
    """
    env["stock.quant"].flush_model(["product_id", "location_id", "quantity", "reserved_quantity"])
    env["stock.location"].flush_model(["warehouse_id"])
    env["res.company"].flush_model(["security_lead", "days_to_purchase"])
    env["stock.move"].flush_model(
        [
            "product_id",
            "product_qty",
            "date",
            "state",
            "location_id",
            "location_dest_id",
            "location_final_id",
            "sale_line_id",
        ]
    )
    rows = env.execute_query(
        SQL(
            """
            WITH house AS (
                 SELECT id, company_id FROM stock_warehouse
                  WHERE company_id IN %(companies)s AND active)
            SELECT 'company', NULL::integer, company.id, NULL::date,
                   company.security_lead, company.days_to_purchase, NULL::integer
              FROM res_company AS company WHERE company.id IN %(companies)s
             UNION ALL
            SELECT 'house', house.id, house.company_id, NULL::date, 0.0, 0.0, NULL::integer
              FROM house
             UNION ALL
            SELECT 'stock', place.warehouse_id, quant.product_id, NULL::date,
                   SUM(quant.quantity), SUM(quant.quantity - quant.reserved_quantity), NULL::integer
              FROM stock_quant AS quant
              JOIN stock_location AS place ON place.id = quant.location_id
              JOIN house ON house.id = place.warehouse_id
             WHERE quant.product_id IN %(products)s
          GROUP BY place.warehouse_id, quant.product_id
             UNION ALL
            SELECT 'move', side.warehouse_id, move.product_id,
                   (move.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
                   SUM(side.sign * move.product_qty), 0.0, line.order_id
              FROM stock_move AS move
              JOIN stock_location AS origin ON origin.id = move.location_id
              JOIN stock_location AS goal
                ON goal.id = COALESCE(move.location_final_id, move.location_dest_id)
              LEFT JOIN sale_order_line AS line ON line.id = move.sale_line_id
        CROSS JOIN LATERAL (VALUES (origin.warehouse_id, -1), (goal.warehouse_id, 1))
                AS side (warehouse_id, sign)
              JOIN house ON house.id = side.warehouse_id
             WHERE move.product_id IN %(products)s
               AND move.state IN ('waiting', 'confirmed', 'assigned', 'partially_available')
               AND origin.warehouse_id IS DISTINCT FROM goal.warehouse_id
          GROUP BY side.warehouse_id, move.product_id, day, line.order_id
            """,
            companies=tuple(company_ids) or (0,),
            products=tuple(product_ids) or (0,),
            zone=zone,
        )
    )
    on_hand, free, moves, companies = {}, {}, defaultdict(list), {}
    for kind, warehouse_id, ref_id, day, quantity, second, order_id in sorted(rows, key=_by_kind):
        place = (warehouse_id, ref_id)
        if kind == "company":
            companies[ref_id] = CompanyDays(timedelta(int(quantity or 0)), int(second or 0), [])
        elif kind == "house":
            companies[ref_id].warehouse_ids.append(warehouse_id)
        elif kind == "stock":
            on_hand[place], free[place] = float(quantity), float(second)
        else:
            moves[place].append((day, float(quantity), order_id))
    return StockPicture(on_hand, free, moves), companies


def _by_kind(row):
    return row[0]
