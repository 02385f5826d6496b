"""Many documents from a few: rows that a program made the regular way are copied in the database,
each copy with its lines, transfers and invoices.

A company's ten thousand orders would take Odoo half an hour to make one by one.
"""

from psycopg2 import sql

# Whose names are theirs alone
NAMED = {"sale_order", "stock_picking", "account_move"}
REFERENCES = """
    SELECT own.relname, a.attname, target.relname
      FROM pg_constraint c
      JOIN pg_class own ON own.oid = c.conrelid
      JOIN pg_class target ON target.oid = c.confrelid
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
       AND c.connamespace = 'public'::regnamespace
"""
COLUMNS = """
    SELECT column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position
"""


def last_ids(cursor, tables):
    """{table: its last id}: what comes after these is copied later."""
    found = {}
    for table in tables:
        cursor.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table)))
        found[table] = cursor.fetchone()[0]
    return found


def multiply(cursor, since, times):
    """Copy the rows that these tables have got since then, ``times`` times, with what links them.

    :param dict since: what :func:`last_ids` has returned
    """
    tops = last_ids(cursor, since)
    spans = {table: tops[table] - since[table] for table in since}
    cursor.execute(REFERENCES)
    references = {}
    for table, column, target in cursor.fetchall():
        if target in since:
            references.setdefault(table, {})[column] = target
    # Invoices and lines refer to each other: no order of the tables would satisfy the keys between
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table in since:
        copy(cursor, table, references.get(table, {}), since, spans, times)
    for table, targets in references.items():
        if table not in since and "id" not in columns(cursor, table):
            copy(cursor, table, targets, since, spans, times)
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for table in since:
        cursor.execute(
            sql.SQL("SELECT setval({}, (SELECT max(id) FROM {}))").format(
                sql.Literal(f"{table}_id_seq"), sql.Identifier(table)
            )
        )


def columns(cursor, table):
    cursor.execute(COLUMNS, [table])
    return [name for (name,) in cursor.fetchall()]


def copy(cursor, table, references, since, spans, times):
    names = columns(cursor, table)
    shift = "CASE WHEN row.{name} > {since} THEN row.{name} + copy * {span} ELSE row.{name} END"
    values = []
    for name in names:
        template, target = "row.{name}", None
        if name == "id":
            template, target = "row.{name} + copy * {span}", table
        elif name in references:
            template, target = shift, references[name]
        elif name == "name" and table in NAMED:
            template = "row.{name} || '-' || copy"
        elif name == "access_token":
            template = "NULL"
        values.append(
            sql.SQL(template).format(
                name=sql.Identifier(name),
                since=sql.Literal(since.get(target)),
                span=sql.Literal(spans.get(target)),
            )
        )
    keys = {"id": table} if "id" in names else references
    made = sql.SQL(" OR ").join(
        sql.SQL("row.{} > {}").format(sql.Identifier(name), sql.Literal(since[target]))
        for name, target in keys.items()
    )
    cursor.execute(
        sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {values}"
            " FROM {table} AS row, generate_series(1, {times}) AS copy WHERE {made}"
        ).format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(map(sql.Identifier, names)),
            values=sql.SQL(", ").join(values),
            times=sql.Literal(times),
            made=made,
        )
    )
