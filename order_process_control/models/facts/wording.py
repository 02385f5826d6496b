"""Evidence is read at a glance: the worst first, and not more than a few."""

from odoo.tools import format_date

FEW = 3


def name_few(env, texts, separator=", "):
    """Return the first few of ``texts`` in one line, and how many more there are."""
    texts = list(texts)
    line = separator.join(texts[:FEW])
    if len(texts) > FEW:
        names = line + separator.rstrip() if separator != ", " else line
        line = env._("%(names)s and %(number)s more", names=names, number=len(texts) - FEW)
    return line


def say_day(env, day):
    """Return a date as the reader writes it."""
    return format_date(env, day)


def say_quantity(quantity):
    """Return a figure without superfluous decimals."""
    return f"{round(quantity, 6):g}" if abs(quantity) < 1e6 else f"{quantity:.0f}"
