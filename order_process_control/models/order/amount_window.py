"""Limits on amounts cannot be passed under by splitting an order.

A rule such as ``amount_total >= 10000`` is judged by the order together with what the same
customer has ordered within the last days, as the company sets them. The limit is an amount in
the company's currency.
"""

import operator

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from .process_token import get_together

_AMOUNTS = ("amount_total", "amount_untaxed")
_LIMITS = {">": SQL(">"), ">=": SQL(">=")}
_COMPARISONS = {">": operator.gt, ">=": operator.ge}


def widen_amounts(rule):
    """Return ``rule`` with its lower limits on amounts judged over the customer's recent orders."""
    return rule.map_conditions(_widen)


def has_limit(rule):
    """Tell whether ``rule`` has a limit that :func:`widen_amounts` widens."""
    return any(
        condition.field_expr in _AMOUNTS and condition.operator in _LIMITS
        for condition in rule.iter_conditions()
    )


def get_limits(rule):
    """Return (field, comparison, limit) of what :func:`widen_amounts` widens in ``rule``."""
    return [
        (condition.field_expr, _COMPARISONS[condition.operator], condition.value)
        for condition in rule.iter_conditions()
        if condition.field_expr in _AMOUNTS and condition.operator in _LIMITS
    ]


def _widen(condition):
    if condition.field_expr not in _AMOUNTS or condition.operator not in _LIMITS:
        return condition
    name, comparison, limit = condition.field_expr, _LIMITS[condition.operator], condition.value
    return Domain.custom(
        to_sql=lambda model, alias, _query: SQL(
            "%s %s %s", _get_sum_sql(model, alias, name), comparison, limit
        )
    )


def _get_sum_sql(orders, alias, name):
    """Return the amount of an order and of the orders of the same commercial partner and company
    that were confirmed within the last days or are in this very moment, in the company's
    currency: no pricelist in a strong currency passes under a limit."""
    return SQL(
        """(coalesce(%(own_amount)s, 0) / coalesce(nullif(%(own_rate)s, 0), 1) + coalesce((
            SELECT sum(recent.%(name)s / coalesce(nullif(recent.currency_rate, 0), 1))
              FROM res_partner AS customer
              JOIN res_partner AS contact
                ON contact.commercial_partner_id = customer.commercial_partner_id
              JOIN sale_order AS recent ON recent.partner_id = contact.id
              JOIN res_company AS seller ON seller.id = recent.company_id
             WHERE customer.id = %(own_partner)s
               AND recent.company_id = %(own_company)s
               AND recent.id != %(own_id)s
               AND %(days)s > 0
               AND (recent.id IN %(together)s
                    OR %(state)s = 'sale'
                       AND %(date)s >= %(now)s - make_interval(days => %(days)s))
        ), 0))""",
        state=_column(orders, "recent", "state"),
        date=_column(orders, "recent", "date_order"),
        days=_column(orders.env["res.company"], "seller", "order_split_days"),
        own_amount=_column(orders, alias, name),
        name=SQL.identifier(name),
        own_rate=_column(orders, alias, "currency_rate"),
        own_partner=_column(orders, alias, "partner_id"),
        own_company=_column(orders, alias, "company_id"),
        own_id=SQL.identifier(alias, "id"),
        now=fields.Datetime.now(),
        together=get_together(orders.env) or (0,),
    )


def _column(model, alias, name):
    return SQL.identifier(alias, name, to_flush=model._fields[name])
