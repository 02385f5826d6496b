"""What becomes of everybody's dates when one order goes first: figures only, no queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from .stock_world import EPSILON, get_allowed_owners

DAY = timedelta(days=1)
# A receipt that moves by less does not make anybody late
HOUR = timedelta(hours=1)


class Take(NamedTuple):
    """A quantity that a move of another order has reserved and that goes to the urgent one."""

    move_id: int
    location_id: int
    lot_id: int
    package_id: int
    owner_id: int
    to_move_id: int
    quantity: float

    @property
    def key(self):
        """What identifies the holding: line ids change when stock is reserved again."""
        return self[:5]


@dataclass(slots=True)
class Impact:
    """What one delivery of somebody else loses."""

    demand: object
    taken: float
    before: datetime
    after: datetime

    @property
    def shift_days(self):
        return _count_days(self.before, self.after)

    @property
    def delay_days(self):
        """Days past the promised date that are new."""
        return _count_days(max(self.demand.promised, self.before), self.after)

    @property
    def is_late(self):
        if self.after is None:
            return True
        return self.after > max(self.demand.promised, self.before) + HOUR


@dataclass
class Outcome:
    """What one way does: to the urgent order and to all others."""

    takes: list
    impacts: list
    # When all of the urgent order can leave; None: no receipt is expected
    completion: datetime
    # {move id of the urgent order: (there now, when the rest is)}
    own: dict
    # Ids of the other orders that were looked at and stay as they are
    unaffected: set


def _count_days(since, until):
    """Return whole days begun between two moments, 0 when one is not known."""
    if since is None or until is None or until <= since + HOUR:
        return 0
    return ceil((until - since - HOUR) / DAY)


def evaluate(world, takes=(), goes_first=True):
    """Return the :class:`Outcome` of taking ``takes`` and letting the order go first.

    :param bool goes_first: False to let it wait for its turn
    """
    lost, gained = defaultdict(float), defaultdict(float)
    for take in takes:
        lost[take.move_id] += take.quantity
        gained[take.to_move_id] += take.quantity
    impacts, own, seen = [], {}, set()
    for pool in world.pools:
        before = _get_dates(world.now, pool, {}, {}, goes_first=False)
        after = _get_dates(world.now, pool, lost, gained, goes_first)
        for demand in pool.others:
            seen.add(demand.order_id)
            pair = before[demand.move_id][1], after[demand.move_id][1]
            pair = [when and max(when, demand.date) for when in pair]
            is_shifted = pair[0] and (pair[1] is None or pair[1] > pair[0] + HOUR)
            if is_shifted or lost[demand.move_id] > EPSILON:
                impacts.append(Impact(demand, lost[demand.move_id], *pair))
        own.update({demand.move_id: after[demand.move_id] for demand in pool.own})
    dates = [when for _quantity, when in own.values()]
    completion = None if None in dates else max(dates, default=world.now)
    harmed = {impact.demand.order_id for impact in impacts}
    return Outcome(list(takes), impacts, completion, own, seen - harmed - {None})


def _get_dates(now, pool, lost, gained, goes_first):
    """Return ``{move id: (there now, when all is there or None)}`` of one pool.

    What is free and what comes is given to those who wait in Odoo's own order: urgent ones
    first, then by date.
    """
    supply = [(now, pool.free), *pool.receipts]
    own = {demand.move_id for demand in pool.own}

    def get_rank(demand):
        is_first = demand.priority == "1" or (goes_first and demand.move_id in own)
        return not is_first, demand.date, demand.move_id

    result, waiting = {}, []
    for demand in (*pool.own, *pool.others):
        missing = demand.missing + lost.get(demand.move_id, 0.0) - gained.get(demand.move_id, 0.0)
        if missing > EPSILON:
            waiting.append((get_rank(demand), demand, missing))
        else:
            result[demand.move_id] = (demand.quantity, now)
    position, left = 0, supply[0][1]
    for _rank, demand, missing in sorted(waiting, key=lambda row: row[0]):
        ready, when = demand.quantity - missing, now
        while missing > EPSILON:
            if left <= EPSILON:
                position += 1
                if position >= len(supply):
                    when = pool.replenished and max(pool.replenished, supply[-1][0])
                    break
                left = supply[position][1]
                continue
            part = min(left, missing)
            left, missing, when = left - part, missing - part, supply[position][0]
            if when <= now:
                ready += part
        result[demand.move_id] = (ready, when)
    return result


def choose_takes(world):
    """Return the :class:`Take` that give the order all that it lacks, or as much as there is,
    from those who are harmed least: whose promise is furthest from the next receipt."""
    takes = []
    for pool in world.pools:
        free, left = pool.free, {}
        candidates = _get_candidates(pool)
        for demand in pool.own:
            given = min(free, demand.missing)
            free -= given
            takes += _fill(demand, given, candidates, left, pool.tracking == "serial")
    return takes


def _fill(demand, given, candidates, left, is_serial):
    """Return the takes for one move of the order.

    :param float given: what is free for it
    :param dict left: ``{holding key: what is left of it}``, reduced by what is taken
    """
    takes, missing = [], demand.missing - given
    for holding in candidates:
        if missing <= EPSILON:
            return takes
        if holding.key[4] not in (None, demand.owner_id):
            continue
        quantity = min(left.setdefault(holding.key, holding.quantity), missing)
        if is_serial:
            quantity = float(int(quantity + EPSILON))
        if quantity > EPSILON:
            takes.append(Take(*holding.key, demand.move_id, quantity))
            left[holding.key] -= quantity
            missing -= quantity
    if missing > EPSILON and demand.step:
        return _drop_fraction(demand, takes, (demand.quantity - missing) % demand.step, left)
    return takes


def _drop_fraction(demand, takes, surplus, left):
    """Return ``takes`` without what makes no whole unit of the move: a dozen is not begun."""
    while takes and EPSILON < surplus < demand.step - EPSILON:
        last = takes.pop()
        part = min(last.quantity, surplus)
        left[last.key] += part
        surplus -= part
        if last.quantity - part > EPSILON:
            takes.append(last._replace(quantity=last.quantity - part))
    return takes


def _get_candidates(pool):
    """Return the holdings that may be taken, the least harmed first.

    Everybody in a pool waits for the same receipts: the later the promise, the more slack. Urgent
    orders keep what they have, important ones are asked last.
    """
    owners = get_allowed_owners(pool)
    return sorted(
        (
            holding
            for holding in pool.holdings
            if holding.is_takable and holding.demand.priority != "1" and holding.key[4] in owners
        ),
        key=lambda holding: (
            holding.demand.is_important,
            -holding.demand.promised.timestamp(),
            -holding.demand.move_id,
        ),
    )


def find_losses(world, takes):
    """Return ``[(take, quantity that is still there)]`` of takes that cannot be made any more."""
    there = {
        holding.key: holding.quantity for pool in world.pools for holding in _get_candidates(pool)
    }
    losses = []
    for take in takes:
        quantity = there.get(take.key, 0.0)
        if quantity + EPSILON < take.quantity:
            losses.append((take, quantity))
        there[take.key] = quantity - take.quantity
    return losses
