"""Yes or no, asked of the database row by row: for record rules.

A rule over the fields reads all that the person may read, first. This way a list of what is open
costs the same however much was theirs before.
"""

from odoo.fields import Domain
from odoo.tools import SQL


def compute(records, name, condition):
    """Set a computed field: what the condition says of the row of each; False without a row.

    :param SQL condition: on the table of the records
    """
    saved = tuple(id_ for id_ in records._origin._ids if isinstance(id_, int))
    true = set()
    if saved:
        table = SQL.identifier(records._table)
        query = SQL("SELECT id FROM %s WHERE id IN %s AND %s", table, saved, condition)
        true = {id_ for (id_,) in records.env.execute_query(query)}
    for record in records:
        record[name] = record._origin.id in true


def search(operator, get_condition):
    """Return what the search method of such a field returns.

    :param get_condition: gives the SQL condition for a model and an alias of its table
    """
    if operator != "in":
        return NotImplemented
    return Domain.custom(to_sql=lambda model, alias, _query: get_condition(model, alias))


def forget(env, mixin, names):
    """Have fields of all models with a mixin asked anew."""
    for model in env.registry.descendants([mixin], "_inherit"):
        if not env.registry[model]._abstract:
            env[model].invalidate_model(names, flush=False)
