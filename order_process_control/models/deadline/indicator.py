"""What an indicator of alert rules says about itself.

An indicator is one method ``_find_<name>`` of ``order.alert.rule`` under :func:`alerts_when`, and
one entry of the selection ``indicator``; both in a file of its own in ``indicators/``. It asks with
one query whatever the number of documents, see ``order_alert_rule_query.py``.
"""

import dataclasses

UNITS = ("hours", "days", "clock", "amount", "quantity", "percent", "none")


@dataclasses.dataclass(frozen=True)
class Indicator:
    """``description``: translatable sentence with ``%(limit)s``; ``unit``: of the threshold;
    ``is_confidential``: its figures are for those alone who may read the document."""

    description: object
    unit: str = "none"
    is_confidential: bool = False


def alerts_when(description, unit="none", is_confidential=False):
    """Say of a method ``_find_<name>`` what it looks for, in which unit it is limited."""
    if unit not in UNITS:
        raise ValueError(f"{unit} is none of {UNITS}")

    def decorate(method):
        method.indicator = Indicator(description, unit, is_confidential)
        return method

    return decorate


def get_indicator(model, name):
    """Return the :class:`Indicator` of ``_find_<name>``, also where another addon extends it."""
    for cls in type(model).__mro__:
        found = getattr(vars(cls).get(f"_find_{name}"), "indicator", None)
        if found:
            return found
    return Indicator("")
