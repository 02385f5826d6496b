"""How the content of an order is read: facts that are compared, and the same in words.

One statement reads any number of orders, whatever is watched: the ORM would need a query a
relation, and both the gate and every signature read the content.
"""

from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL

from ..order.requirement_properties import get_filled

# Finer than any price or quantity precision of Odoo, coarser than the noise of a float
_DIGITS = 6
_STAMP = "YYYY-MM-DD HH24:MI:SS"


def fact_sql(model, name, alias):
    """Return the SQL of a stored field as JSON: ids for relations, figures, ISO dates."""
    field = model._fields[name]
    if field.type == "many2many":
        return _relation_sql(field, alias, SQL("relation.%s", SQL.identifier(field.column2)))
    if field.type == "one2many":
        return _rows_sql(model, field, alias)
    column = SQL.identifier(alias, name, to_flush=field)
    if field.type in ("float", "monetary"):
        return SQL("round(coalesce(%s, 0)::numeric, %s)", column, _DIGITS)
    if field.type == "datetime":
        return SQL("to_char(%s, %s)", column, _STAMP)
    return column


def text_sql(model, name, alias):
    """Return the SQL of a stored field as a person reads it."""
    field = model._fields[name]
    if field.type == "many2one":
        column = SQL.identifier(alias, name, to_flush=field)
        return _name_sql(model.env[field.comodel_name], column)
    if field.type == "many2many":
        column = SQL("relation.%s", SQL.identifier(field.column2))
        return _relation_sql(field, alias, _name_sql(model.env[field.comodel_name], column))
    return fact_sql(model, name, alias)


def to_fact(field, value):
    """Return the JSON value of :func:`fact_sql` in the one form that fingerprints know."""
    if field.type == "properties":
        return get_filled(value) or None
    if field.type in ("many2many", "one2many"):
        return sorted(value or [])
    if field.type in ("float", "monetary"):
        return float(value or 0.0)
    if field.type == "many2one":
        return value or None
    return str(value or "") or None


def _relation_sql(field, alias, value):
    return SQL(
        "(SELECT jsonb_agg(%(value)s ORDER BY relation.%(other)s) FROM %(relation)s AS relation"
        " WHERE relation.%(own)s = %(id)s)",
        value=value,
        relation=SQL.identifier(field.relation),
        own=SQL.identifier(field.column1),
        other=SQL.identifier(field.column2),
        id=SQL.identifier(alias, "id", to_flush=field),
    )


def _rows_sql(model, field, alias):
    """Rows that belong to the record: what they say counts, not which rows they are."""
    comodel = model.env[field.comodel_name]
    columns = [
        SQL.identifier("part", name, to_flush=part)
        for name, part in sorted(comodel._fields.items())
        if part.store and part.column_type
        if name not in (*MAGIC_COLUMNS, field.inverse_name)
    ]
    return SQL(
        "(SELECT jsonb_agg(concat_ws('|', %s)) FROM %s AS part WHERE part.%s = %s)",
        SQL(", ").join(columns),
        SQL.identifier(comodel._table),
        SQL.identifier(field.inverse_name),
        SQL.identifier(alias, "id"),
    )


def _name_sql(comodel, column):
    """Return the SQL of the name of a record, in the reader's language."""
    special = _SPECIAL_NAMES.get(comodel._name)
    if special:
        return SQL("(%s)", special(comodel, column))
    name = comodel._rec_name or "id"
    return SQL(
        "(SELECT %s FROM %s AS named WHERE named.id = %s)",
        _translated(comodel, "named", name),
        SQL.identifier(comodel._table),
        column,
    )


def _translated(model, alias, name):
    field = model._fields[name]
    column = SQL.identifier(alias, name, to_flush=field)
    if not field.translate:
        return column
    lang = model.env.lang or "en_US"
    return SQL("coalesce(%s->>%s, %s->>'en_US')", column, lang, column)


def _partner_sql(partners, column):
    return SQL(
        """SELECT concat_ws(', ', named.complete_name, nullif(named.street, ''),
                  nullif(named.street2, ''), nullif(concat_ws(' ', named.zip, named.city), ''),
                  county.name, %s)
             FROM res_partner AS named
             LEFT JOIN res_country_state AS county ON county.id = named.state_id
             LEFT JOIN res_country AS country ON country.id = named.country_id
            WHERE named.id = %s""",
        _translated(partners.env["res.country"], "country", "name"),
        column,
    )


def _user_sql(_users, column):
    return SQL(
        "SELECT person.name FROM res_users AS named"
        " JOIN res_partner AS person ON person.id = named.partner_id WHERE named.id = %s",
        column,
    )


def _product_sql(products, column):
    return SQL(
        """SELECT concat_ws(' ', '[' || nullif(named.default_code, '') || ']', %s)
             FROM product_product AS named
             JOIN product_template AS template ON template.id = named.product_tmpl_id
            WHERE named.id = %s""",
        _translated(products.env["product.template"], "template", "name"),
        column,
    )


def _attribute_value_sql(values, column):
    return SQL(
        """SELECT %s FROM product_template_attribute_value AS named
             JOIN product_attribute_value AS value ON value.id = named.product_attribute_value_id
            WHERE named.id = %s""",
        _translated(values.env["product.attribute.value"], "value", "name"),
        column,
    )


# Whose name is not simply a column
_SPECIAL_NAMES = {
    "res.partner": _partner_sql,
    "res.users": _user_sql,
    "product.product": _product_sql,
    "product.template.attribute.value": _attribute_value_sql,
}
