from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.misc import OrderedSet


class OrderKeptMixin(models.AbstractModel):
    """Rows that the process writes and keeps for ever (design, principles 5 and 8).

    They carry no tracking and no stored computes, so one statement inserts as many as there are;
    nobody has the right to create, change or delete them.
    """

    _name = "order.kept.mixin"
    _description = "Row Kept for Ever"

    @api.model
    def _insert_rows(self, vals_list):
        """Insert rows as :func:`insert_rows` does; only our own methods call this."""
        return insert_rows(self, vals_list)

    def _update_rows(self, vals_list):
        """Update these rows as :func:`update_rows` does; only our own methods call this."""
        return update_rows(self, vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(
            self.env._("%s: the records of the process are kept for ever.", self._description)
        )


def insert_rows(model, vals_list):
    """Insert rows of ``model`` with one statement and return them with their values cached.

    No access check, no defaults, no ``create`` of other modules: the caller gives every required
    column and answers for them. Many2many fields are written with one more statement each.

    :param model: an empty recordset; its user becomes the creator
    :param list vals_list: dicts by stored field; many2many values are ids
    """
    if not vals_list:
        return model.browse()
    fields = [model._fields[name] for name in OrderedSet(n for vals in vals_list for n in vals)]
    columns = [field for field in fields if field.column_type]
    query = get_insert_query(model, columns, vals_list)
    records = model.browse(id_ for (id_,) in model.env.execute_query(query))
    for field in fields:
        if field.type == "many2many":
            _insert_relation(field, records, vals_list)
    _fill_cache(records, vals_list)
    return records


def get_insert_query(model, columns, vals_list, returning=("id",), conflict=None):
    """Return the INSERT of ``vals_list`` AS kept, with who and when, returning the new ids or
    these columns.

    :param SQL conflict: what to do with rows that are there already
    """
    now, uid = model.env.cr.now(), model.env.uid
    names = [*(f.name for f in columns), "create_uid", "create_date", "write_uid", "write_date"]
    return SQL(
        "INSERT INTO %s AS kept (%s) SELECT *, %s::int4, %s::timestamp, %s::int4, %s::timestamp"
        " FROM %s AS new %s RETURNING %s",
        SQL.identifier(model._table),
        SQL(", ").join(SQL.identifier(name) for name in names),
        *(uid, now, uid, now),
        _get_table(
            (
                field.column_type[1],
                [
                    field.convert_to_column_insert(vals.get(field.name), model, vals)
                    for vals in vals_list
                ],
            )
            for field in columns
        ),
        conflict or SQL(),
        SQL(", ").join(SQL.identifier("kept", name) for name in returning),
    )


def _get_table(columns):
    """Return a table of these columns, (type, values): one value a column to the driver, instead
    of one a row and column."""
    return SQL(
        "unnest(%s)",
        SQL(", ").join(SQL("%s::%s[]", values, SQL(type_)) for type_, values in columns),
    )


def update_rows(records, vals_list, also=None):
    """Update records with one statement, however many there are: the ORM takes one per hundred.

    :param list vals_list: a dict for each of the records, all with the same stored columns
    :param SQL also: an INSERT that is run by the same statement
    """
    if not records:
        return records
    env, fields = records.env, [records._fields[name] for name in vals_list[0]]
    names = [field.name for field in fields]
    records.flush_recordset(names)
    records.modified(names, before=True)
    env.execute_query(
        SQL(
            "%s UPDATE %s AS kept SET %s, write_uid = %s, write_date = %s"
            " FROM %s AS new (id, %s) WHERE kept.id = new.id RETURNING kept.id",
            SQL("WITH also AS (%s)", also) if also else SQL(),
            SQL.identifier(records._table),
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(field.name), SQL.identifier("new", field.name))
                for field in fields
            ),
            env.uid,
            env.cr.now(),
            _get_table(
                [
                    ("int4", list(records._ids)),
                    *(
                        (
                            field.column_type[1],
                            [
                                field.convert_to_column_insert(vals[field.name], record)
                                for record, vals in zip(records, vals_list, strict=True)
                            ],
                        )
                        for field in fields
                    ),
                ]
            ),
            SQL(", ").join(SQL.identifier(name) for name in names),
        )
    )
    for record, vals in zip(records, vals_list, strict=True):
        for field in fields:
            value = field.convert_to_cache(vals[field.name], record, validate=False)
            field._update_cache(record, value)
    records.modified(names)
    return records


def _insert_relation(field, records, vals_list):
    pairs = [
        (record.id, other)
        for record, vals in zip(records, vals_list, strict=True)
        for other in vals.get(field.name) or ()
    ]
    if pairs:
        records.env.execute_query(
            SQL(
                "INSERT INTO %s (%s, %s) VALUES %s RETURNING 1",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
            )
        )


def _fill_cache(records, vals_list):
    """Spare the next reader the query: what was just written is known."""
    for field in records._fields.values():
        if not field.store or field.inherited or field.name == "id":
            continue
        if field.column_type or field.type in ("one2many", "many2many"):
            for record, vals in zip(records, vals_list, strict=True):
                value = vals.get(field.name, False)
                if not field.column_type:
                    value = records.env[field.comodel_name].browse(value or ())
                cached = field.convert_to_cache(value, record, validate=False)
                field._insert_cache(record, [cached])
    for field in records._fields.values():
        if field.type == "many2one" and field.store and records.pool.field_inverses[field]:
            for record in records:
                field._update_inverses(record, record[field.name].id or None)
