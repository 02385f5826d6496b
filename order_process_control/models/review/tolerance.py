"""When a change is small enough that a department need not be asked again.

Pure functions on two contents of ``sale.order._get_review_contents``. Limits that are not set
tolerate nothing; where several are set, none may be exceeded.
"""

from datetime import datetime

_QUANTITY, _PRICE, _SUBTOTAL = "product_uom_qty", "price_unit", "price_subtotal"
_FIGURES = {_QUANTITY, _PRICE, "discount", _SUBTOTAL}
_DATES = {"commitment_date"}
_DAYS = {"customer_lead"}
NONE = {"percent": 0.0, "amount": 0.0, "days": 0}


def get_changed_aspects(before, after):
    """Return the aspects in which two contents differ."""
    return {aspect for aspect in before | after if before.get(aspect) != after.get(aspect)}


def is_within(before, after, aspects, limits):
    """Tell whether a change of these aspects stays within the limits of a step.

    :param dict before: content at the last signature of a person
    :param dict limits: ``percent``, ``amount`` (in the order's currency) and ``days``
    """
    changed = get_changed_aspects(before, after) & set(aspects)
    if not changed:
        return True
    moved = set()
    for aspect in changed:
        old, new = before.get(aspect), after.get(aspect)
        if not old or not new or old["lines"].keys() != new["lines"].keys():
            return False
        pairs = [(old["order"], new["order"])]
        pairs += [(old["lines"][line], new["lines"][line]) for line in new["lines"]]
        for facts, other in pairs:
            for name in facts.keys() | other.keys():
                if facts.get(name) != other.get(name):
                    if not _may_move(name, facts.get(name), other.get(name), limits):
                        return False
                    moved.add(name)
    return moved.isdisjoint(_FIGURES) or _are_figures_within(before, after, limits)


def _may_move(name, old, new, limits):
    if name in _FIGURES:
        return bool(limits["percent"] or limits["amount"])
    if name in _DAYS:
        return abs(new - old) <= limits["days"]
    if name in _DATES and old and new:
        days = abs(datetime.fromisoformat(new) - datetime.fromisoformat(old)).total_seconds()
        return days / 86400 <= limits["days"]
    return False


def _are_figures_within(before, after, limits):
    """Judge all lines together: quantity and price may not hide behind each other."""
    total = 0.0
    for old, new in _iter_lines(before, after):
        if limits["percent"] and not all(
            abs(new[name] - old[name]) <= abs(old[name]) * limits["percent"] / 100
            for name in (_QUANTITY, _PRICE, _SUBTOTAL)
        ):
            return False
        worth = abs(new[_QUANTITY] - old[_QUANTITY]) * max(abs(old[_PRICE]), abs(new[_PRICE]))
        if new[_QUANTITY] != old[_QUANTITY] and not worth and not limits["percent"]:
            # More of what costs nothing has no amount that could be limited
            return False
        total += max(worth, abs(new[_SUBTOTAL] - old[_SUBTOTAL]))
    return not limits["amount"] or total <= limits["amount"]


def _iter_lines(before, after):
    goods, prices = before["goods"]["lines"], before["price"]["lines"]
    new_goods, new_prices = after["goods"]["lines"], after["price"]["lines"]
    for line in goods:
        yield goods[line] | prices[line], new_goods[line] | new_prices[line]
