from odoo.tools import SQL

ADDON = "order_process_control"


def pre_init_hook(env):
    """Stamp the orders that were confirmed before this addon was there as exempt.

    Installing judges nobody: the columns are created here, in one statement each, so that
    the CHECK that ties state ``sale`` to a release finds no order without a stamp.
    """
    env.cr.execute(
        SQL(
            """
            ALTER TABLE sale_order
                ADD COLUMN IF NOT EXISTS release_exempt boolean,
                ADD COLUMN IF NOT EXISTS release_reason varchar,
                ADD COLUMN IF NOT EXISTS priority varchar DEFAULT '0';
            ALTER TABLE sale_order ALTER COLUMN priority DROP DEFAULT
            """
        )
    )
    env.cr.execute(
        SQL(
            "UPDATE sale_order SET release_exempt = TRUE, release_reason = %s"
            " WHERE state = 'sale' AND release_exempt IS NOT TRUE",
            "Confirmed before order process control was installed.",
        )
    )


def uninstall_hook(env):
    """Empty our tables, which are dropped with the addon anyway.

    Their references would otherwise keep Odoo from removing what came with the addon, such as
    the orders and departments of the demo data, and the guards of what is kept for ever would
    refuse it.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            "DELETE FROM mail_activity WHERE activity_type_id IN ("
            " SELECT res_id FROM ir_model_data"
            " WHERE module = %s AND model = 'mail.activity.type')",
            ADDON,
        )
    )
    # Orders stay in the state they are in, without the release that is about to go
    env.cr.execute(SQL("UPDATE sale_order SET release_exempt = TRUE"))
    _empty_tables(env, _get_own_tables(env))
    # Odoo writes down every foreign key and forgets only those of models that go
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_constraint AS reflected USING ir_module_module AS module"
            " WHERE module.id = reflected.module AND module.name = %s AND reflected.type = 'f'",
            ADDON,
        )
    )
    env.invalidate_all()


def _get_own_tables(env):
    """Return the tables of the models that this addon alone has made."""
    return [
        model._table
        for model in map(env.get, env.registry)
        if model._original_module == ADDON and model._auto and not model._abstract
    ]


def _empty_tables(env, tables):
    """Remove all rows of these tables at once, and what refers to them with them.

    Rows of other tables stay: only their references, which are columns of ours, are emptied.
    Tables that do nothing but link two records are emptied too.
    """
    linking = []
    for table, column, constraint, is_link in _get_references(env, tables):
        if is_link:
            linking.append(table)
            continue
        names = {"table": SQL.identifier(table), "column": SQL.identifier(column)}
        if table not in tables:
            env.cr.execute(
                SQL("UPDATE %(table)s SET %(column)s = NULL WHERE %(column)s IS NOT NULL", **names)
            )
        # Otherwise PostgreSQL does not empty a table that is referred to, even by nothing
        env.cr.execute(
            SQL(
                "ALTER TABLE %(table)s DROP CONSTRAINT %(constraint)s",
                constraint=SQL.identifier(constraint),
                **names,
            )
        )
    env.cr.execute(
        SQL(
            "TRUNCATE %s",
            SQL(", ").join(map(SQL.identifier, dict.fromkeys([*tables, *linking]))),
        )
    )


def _get_references(env, tables):
    """Return ``(table, column, constraint, whether the table only links)`` of each foreign key to
    these tables."""
    return env.execute_query(
        SQL(
            """
            SELECT own.relname, attribute.attname, reference.conname,
                   NOT EXISTS (SELECT FROM pg_attribute AS key
                                WHERE key.attrelid = own.oid AND key.attname = 'id'
                                  AND NOT key.attisdropped)
              FROM pg_constraint AS reference
              JOIN pg_class AS own ON own.oid = reference.conrelid
              JOIN pg_class AS target ON target.oid = reference.confrelid
              JOIN pg_attribute AS attribute ON attribute.attrelid = own.oid
                                            AND attribute.attnum = reference.conkey[1]
             WHERE reference.contype = 'f' AND target.relname IN %s
               AND target.relnamespace = current_schema::regnamespace
             ORDER BY own.relname, reference.conname
            """,
            tuple(tables),
        )
    )
