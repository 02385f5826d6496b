"""What the commercial checks of one run read together, and how they put it into words.

Several checks look at the same customers, orders and lines. What they share is read once a run
and forgotten with it: an invoice posted a moment later counts in the next run.
"""

from odoo.tools import float_compare, format_date, formatLang

CONTEXT_KEY = "order_commerce_reading"
_NAMED = 3


class Reading:
    """What one run of checks has read. Only code in this process can make one."""

    __slots__ = ("days", "values")

    def __init__(self, days):
        self.days = days
        self.values = {}


def with_reading(records, days):
    """Return ``records`` in an environment in which :func:`remember` remembers.

    :param float days: how far back the run looks for orders of the same customer
    """
    return records.with_context(**{CONTEXT_KEY: Reading(days)})


def remember(env, key, read):
    """Return what ``read()`` has returned for this key in this run, or returns now."""
    reading = env.context.get(CONTEXT_KEY)
    if not isinstance(reading, Reading):
        return read()
    if key not in reading.values:
        reading.values[key] = read()
    return reading.values[key]


def get_days(env):
    """Return how many days back the run looks, 0 outside of a run."""
    reading = env.context.get(CONTEXT_KEY)
    return reading.days if isinstance(reading, Reading) else 0


def get_currency(env, currency):
    """Return name and number of decimals of a currency, without a query for an active one."""
    known = env["res.currency"].get_all_currencies().get(currency.id)
    if known:
        return known["name"], known["digits"][1]
    return currency.name or "", currency.decimal_places


def figure(env, amount, currency):
    """Return an amount in the reader's format, without its currency."""
    digits = get_currency(env, currency)[1]
    # No minus before a rounded zero
    return formatLang(env, round(amount, digits) + 0.0, digits=digits)


def money(env, amount, currency):
    """Return an amount in the reader's format with the name of its currency."""
    return f"{figure(env, amount, currency)} {get_currency(env, currency)[0]}"


def exceeds(env, amount, limit, currency):
    """Tell whether an amount is above another one, to the decimals of the currency."""
    return float_compare(amount, limit, precision_digits=get_currency(env, currency)[1]) > 0


def number(env, value):
    """Return a number or percentage in the reader's format, without needless decimals."""
    value = round(value, 2) + 0.0
    digits = 0 if value == int(value) else 1 if round(value, 1) == value else 2
    return formatLang(env, value, digits=digits)


def day(env, date):
    """Return a date in the reader's format."""
    return format_date(env, date)


def name_some(env, texts):
    """Return the first texts in a row, and how many more there are."""
    texts = [str(text) for text in texts]
    named = ", ".join(texts[:_NAMED])
    if len(texts) > _NAMED:
        return env._("%(named)s and %(count)s more", named=named, count=len(texts) - _NAMED)
    return named


def get_line_name(line):
    """Return what an order line is called on the order, without reading its product."""
    return (line.name or "").strip().partition("\n")[0] or line.product_id.display_name
