"""How facts of a record are written down so that they can be compared between two times."""

from odoo import fields

# Finer than any price or quantity precision of Odoo, coarser than the noise of a float
_DIGITS = 6


def get_fact(record, name):
    """Return the value of ``record[name]`` as JSON: ids for relations, figures, ISO dates."""
    field, value = record._fields[name], record[name]
    if field.type == "many2one":
        return value.id or None
    if field.type == "one2many":
        # Rows that belong to the record: their text counts, not which rows they are
        return sorted(value.mapped("display_name"))
    if field.relational:
        return sorted(value.ids)
    if field.type in ("float", "monetary"):
        return round(value, _DIGITS)
    if field.type == "datetime":
        return fields.Datetime.to_string(value) or None
    if field.type == "date":
        return fields.Date.to_string(value) or None
    return value if isinstance(value, dict | list) else str(value or "") or None


def get_facts(record, names):
    """Return ``{name: fact}`` of one record."""
    return {name: get_fact(record, name) for name in names}
