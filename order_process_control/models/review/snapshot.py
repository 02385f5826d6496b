"""What was submitted, in the words and formats of its reader."""

from odoo import fields
from odoo.tools import format_date, formatLang, html2plaintext

from . import requirements


def get_summary(env, snapshot):
    """Return a snapshot of ``sale.order._get_review_snapshots`` as the templates show it."""
    snapshot = snapshot or {}
    if "fields" not in snapshot:
        return snapshot  # of before version 19.0.0.2.0, kept as it was written
    values, money = snapshot["fields"], _get_money_format(env, snapshot)
    return {
        "customer": (values["partner_id"] or "").partition(",")[0],
        "shipping_address": values["partner_shipping_id"],
        "promised": _format_date(env, values["commitment_date"]),
        "payment_term": values["payment_term_id"],
        "class": values["class_id"],
        "channel": values["medium_id"],
        "salesperson": values["user_id"],
        "reasons": values["special_reason_ids"] or [],
        "urgent": snapshot["urgent"],
        "important": values["is_important"],
        "amount_total": money(snapshot["amount_total"]),
        "lines": [_get_line_summary(env, money, line) for line in snapshot["lines"]],
        "requirements": requirements.get_summary(env, snapshot),
    }


def _get_line_summary(env, money, line):
    product = line["product_id"] or line["name"] or ""
    description = (line["name"] or "").removeprefix(product).strip()
    return {
        "product": product,
        "description": description,
        "quantity": formatLang(env, line["product_uom_qty"], dp="Product Unit"),
        "unit": line["product_uom_id"] or "",
        "price": money(line["price_unit"]),
        "discount": line["discount"],
        "subtotal": money(line["price_subtotal"]),
    }


def get_diff(orders, before, after):
    """Return what differs between two submissions, in words.

    :param orders: an empty sale.order recordset, for its fields and language
    :param before: (content, snapshot) of ``sale.order._get_review_snapshots``
    :param after: the same, later
    :return: list of dicts ``aspect``, ``where``, ``label``, ``before``, ``after``
    """
    (old, old_words), (new, new_words) = before, after
    if not (old and new and "fields" in (old_words or {}) and "fields" in (new_words or {})):
        return []
    rows, lines = [], orders.env["sale.order.line"]
    old_lines = {str(line["id"]): line for line in old_words["lines"]}
    new_lines = {str(line["id"]): line for line in new_words["lines"]}
    for aspect in (a for a in new if old.get(a) != new[a]):
        was, now = old.get(aspect) or {"order": {}, "lines": {}}, new[aspect]
        names = dict.fromkeys([*now["order"], *was["order"]])
        for name in (n for n in names if was["order"].get(n) != now["order"].get(n)):
            if orders._fields[name].type == "properties":
                rows += requirements.get_rows(orders.env, aspect, old_words, new_words)
                continue
            pair = old_words["fields"].get(name), new_words["fields"].get(name)
            rows.append(_get_row(orders, aspect, "", name, *pair))
        for line in (i for i in now["lines"] if i in was["lines"]):
            facts = was["lines"][line]
            for name in (n for n in facts if facts[n] != now["lines"][line].get(n)):
                where = new_lines[line]["product_id"] or new_lines[line]["name"]
                pair = old_lines[line].get(name), new_lines[line].get(name)
                rows.append(_get_row(lines, aspect, where, name, *pair))
        if aspect == "goods":
            rows += _get_added_and_removed(orders.env, was, now, old_lines, new_lines)
    return rows


def _get_row(model, aspect, where, name, before, after):
    field = model._fields[name]
    return {
        "aspect": aspect,
        "where": where or "",
        "label": _get_label(model, name),
        "before": _in_words(model, field, before),
        "after": _in_words(model, field, after),
    }


def _get_label(model, name):
    if name == "medium_id":
        return model.env._("Channel")  # as the forms call it; its own label is about marketing
    return model._fields[name].get_description(model.env, ["string"])["string"]


def _get_added_and_removed(env, was, now, old_lines, new_lines):
    for line in now["lines"].keys() - was["lines"].keys():
        yield _get_line_row(env, env._("New line"), "", new_lines[line])
    for line in was["lines"].keys() - now["lines"].keys():
        yield _get_line_row(env, env._("Line removed"), old_lines[line], "")


def _get_line_row(env, label, before, after):
    line = before or after
    return {
        "aspect": "goods",
        "where": line["product_id"] or line["name"] or "",
        "label": label,
        "before": before and _get_quantity(env, before),
        "after": after and _get_quantity(env, after),
    }


def _get_quantity(env, line):
    return f"{formatLang(env, line['product_uom_qty'], dp='Product Unit')} {line['product_uom_id']}"


def _in_words(model, field, value):
    env = model.env
    if field.type in ("float", "monetary"):
        digits = field.get_digits(env) if field.type == "float" else None
        return formatLang(env, value or 0.0, digits=digits[1] if digits else 2)
    if field.type == "boolean":
        return env._("yes") if value else env._("no")
    if not value:
        return ""
    if field.type in ("date", "datetime"):
        return _format_date(env, value)
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, value)
    if field.type == "html":
        return html2plaintext(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _format_date(env, value):
    """Dates are kept in UTC and read in the reader's time zone."""
    if not value:
        return False
    moment = fields.Datetime.context_timestamp(env.user, fields.Datetime.to_datetime(value))
    return format_date(env, moment.date(), date_format="medium")


# The names that snapshots of before version 19.0.0.2.0 have for what are fields now
_OLD_NAMES = {
    "partner_id": "customer",
    "partner_shipping_id": "shipping_address",
    "commitment_date": "promised",
    "payment_term_id": "payment_term",
    "class_id": "class",
    "medium_id": "channel",
    "user_id": "salesperson",
}


def get_terms(orders, snapshot):
    """Return all that was submitted beside the lines, as a form prints it.

    :param orders: an empty sale.order recordset, for its fields and language
    :param snapshot: of ``sale.order._get_review_snapshots``
    :return: list of (label, value in words), without what was empty
    """
    snapshot = snapshot or {}
    if "fields" in snapshot:
        values = {
            name: _get_term(orders, name, snapshot["fields"].get(name))
            for name in orders._get_watched_names()[0]
            if snapshot["fields"].get(name)
        }
    else:
        values = {name: snapshot.get(old) for name, old in _OLD_NAMES.items()}
    return [(_get_label(orders, name), value) for name, value in values.items() if value]


def _get_term(orders, name, value):
    if name == "prepayment_percent":
        return f"{value * 100:g} %"  # kept as a share of 1
    return _in_words(orders, orders._fields[name], value)


def get_amounts(env, snapshot):
    """Return (untaxed, taxes, total) of a snapshot in words; None where it does not say."""
    snapshot = snapshot or {}
    if "fields" not in snapshot:
        return None, None, snapshot.get("amount_total")
    untaxed, total = snapshot["amount_untaxed"], snapshot["amount_total"]
    money = _get_money_format(env, snapshot)
    return money(untaxed), money(total - untaxed), money(total)


def _get_money_format(env, snapshot):
    """Return the function that formats an amount of this snapshot as everywhere else in Odoo.

    A snapshot keeps its currency by name: one that is gone is shown by it.
    """
    name, digits = snapshot["currency"], snapshot["digits"]
    # sudo: how a currency is written, also for who reads no configuration
    currencies = env["res.currency"].sudo().with_context(active_test=False)
    currency = currencies.search([("name", "=", name), ("decimal_places", "=", digits)], limit=1)
    if currency:
        return lambda amount: formatLang(env, amount or 0.0, currency_obj=currency)
    return lambda amount: f"{formatLang(env, amount or 0.0, digits=digits)} {name}"
