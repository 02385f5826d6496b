"""What scripts that look at live databases share: an earlier addon, a program inside Odoo, and what
two databases have in common.
"""

import json
import subprocess

from . import commands, odoo_config, paths
from .say import ToolchainError

MARK = "OPC_RESULT "
# What may differ between two databases that are equally good
VOLATILE = {"write_date", "write_uid", "create_date", "create_uid"}


def export_addon(commit, folder):
    """Put the addon as it was in a commit into a folder of addons; return that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "addon.tar"
    commands.run(
        ["git", "-C", paths.ROOT, "archive", "-o", archive, commit, paths.ADDON], cwd=paths.ROOT
    )
    commands.run(["tar", "-xf", archive, "-C", folder])
    archive.unlink()
    return folder


def run_inside(server, odoo, database, program, log, extra_addons=()):
    """Run a program in ``odoo shell`` and return what it gave to ``tell()``.

    :param str program: Python; ``env`` is there, and what it does is committed by itself only
    """
    # Of its own: two runs at a time may want other addons
    file = paths.VAR / f"odoo-{database}.conf"
    config = odoo_config.write(odoo, server, file, extra_addons, max_cron_threads=0)
    argv = odoo_config.command("shell", "-d", database, "--no-http", config=config)
    head = f"import json\ndef tell(value):\n    print({MARK!r} + json.dumps(value, default=str))\n"
    with open(log, "w") as errors:
        result = subprocess.run(
            argv,
            env=odoo_config.environment(odoo, server),
            input=f"exec({head + program!r}, globals())\n",
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd="/",
        )
    told = [row[len(MARK) :] for row in result.stdout.splitlines() if row.startswith(MARK)]
    if result.returncode or not told:
        raise ToolchainError(
            f"A program inside Odoo broke off; see {log}.\n{result.stdout[-3000:]}"
        )
    return json.loads(told[-1])


def query(server, database, statement, values=None):
    connection = server.connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
    finally:
        connection.close()


def columns(server, database):
    """{table: {column: (type, may be empty)}} of all tables."""
    found = {}
    for table, column, kind, null in query(
        server,
        database,
        """
        SELECT c.table_name, c.column_name, c.udt_name, c.is_nullable
          FROM information_schema.columns c
          JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
         ORDER BY c.ordinal_position
        """,
    ):
        found.setdefault(table, {})[column] = (kind, null)
    return found


def rows(server, database, table, names):
    """{id, or all values of a row without one: {column: value as text}} of a table."""
    from psycopg2 import sql

    statement = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names),
        sql.Identifier(table),
    )
    found = query(server, database, statement)
    return {
        values[names.index("id")] if "id" in names else values: dict(
            zip(names, values, strict=True)
        )
        for values in found
    }


def checksums(server, database, wanted):
    """{table: (rows, checksum of these columns)}; ``wanted`` is {table: columns}."""
    from psycopg2 import sql

    found = {}
    for table, names in wanted.items():
        statement = sql.SQL(
            "SELECT count(*), coalesce(sum(('x' || substr(md5(row_text), 1, 15))::bit(60)::bigint),"
            " 0)::text FROM (SELECT ({})::text AS row_text FROM {}) AS rows"
        ).format(
            sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, names))),
            sql.Identifier(table),
        )
        found[table] = query(server, database, statement)[0]
    return found


def objects(server, database):
    """{kind: {name: definition}} of what PostgreSQL keeps beside tables and their columns."""
    statements = {
        "constraint": """
            SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
              FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
        "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "trigger": """
            SELECT tgrelid::regclass::text || '.' || tgname, pg_get_triggerdef(oid)
              FROM pg_trigger WHERE NOT tgisinternal""",
        "function": """
            SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
              AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')""",
        "view": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
        "sequence": "SELECT sequencename, '' FROM pg_sequences WHERE schemaname = 'public'",
    }
    return {kind: dict(query(server, database, text)) for kind, text in statements.items()}
