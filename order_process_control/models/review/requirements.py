"""What the customer requires, in the words and formats of its reader.

A snapshot holds the rows of ``sale.order._prepare_requirement_words``: a label with a value.
"""

from contextlib import suppress

from odoo.tools import format_date, format_datetime, formatLang, html2plaintext

_FORMATS = {"date": format_date, "datetime": format_datetime}


def get_summary(env, snapshot):
    """Return label and value of the requirements of a snapshot, as the templates show them."""
    return [
        {"label": row["label"], "value": in_words(env, row)}
        for row in snapshot.get("requirements") or ()
    ]


def get_rows(env, aspect, old_words, new_words):
    """Return what differs between the requirements of two snapshots; see ``snapshot.get_diff``."""
    old = {row["name"]: row for row in old_words.get("requirements") or ()}
    new = {row["name"]: row for row in new_words.get("requirements") or ()}
    return [
        {
            "aspect": aspect,
            "where": "",
            "label": (new.get(name) or old[name])["label"],
            "before": in_words(env, old.get(name)),
            "after": in_words(env, new.get(name)),
        }
        for name in dict.fromkeys([*new, *old])
        if _get_value(old.get(name)) != _get_value(new.get(name))
    ]


def in_words(env, row):
    """Return the value of a row of a snapshot as text; a row that is not there is nothing."""
    if not row:
        return ""
    value, kind = row["value"], row["type"]
    if kind == "boolean":
        return env._("yes") if value else env._("no")
    if kind in ("float", "monetary") and isinstance(value, int | float):
        return formatLang(env, value)
    if kind in _FORMATS:
        # What a client has written there need not be a date
        with suppress(ValueError, TypeError):
            return _FORMATS[kind](env, value) or str(value)
    if kind == "html":
        return html2plaintext(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _get_value(row):
    return row and row["value"]
