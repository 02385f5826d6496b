"""The demo database that make run shows, and who can log in to it."""

from psycopg2 import sql

from . import addon, databases, paths, postgres, templates
from .say import step

LOGINS = """
    SELECT u.login, p.name, p.function,
           (SELECT string_agg(g.name ->> 'en_US', ', ' ORDER BY g.name ->> 'en_US')
              FROM res_groups_users_rel r
              JOIN res_groups g ON g.id = r.gid
              JOIN ir_model_data gd ON gd.model = 'res.groups' AND gd.res_id = g.id
             WHERE r.uid = u.id AND gd.module = %(addon)s)
      FROM res_users u
      JOIN res_partner p ON p.id = u.partner_id
      JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id AND d.module = %(addon)s
     WHERE u.active
     ORDER BY u.id
"""


def ensure(server, odoo):
    """Create the demo database, or bring the addon in it up to date; what was done in it stays."""
    name = templates.prefix(server) + "demo"
    wanted = addon.content_hash()
    if not databases.exists(server, name):
        template = templates.ensure_addon(server, odoo)
        with step("Creating the demo database"):
            part = f"{name}_part"
            databases.copy(server, template, part)
            remember(server, part, wanted)
            databases.rename(server, part, name)
    elif remembered(server, name) != wanted:
        with step(f"The addon has changed: updating {paths.ADDON} in the demo database"):
            templates.update(server, odoo, name)
            remember(server, name, wanted)
    return name


def remember(server, name, content):
    """The state of the addon goes into the database's comment: it is copied, kept and dropped with
    it.
    """
    postgres.execute(
        server,
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(content)),
    )


def remembered(server, name):
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    return postgres.execute(server, query, [name])[0][0]


def logins(server, name):
    """(login, password, person, roles) of everybody worth trying, the administrator first."""
    rows = postgres.execute(server, LOGINS, {"addon": paths.ADDON}, database=name)
    users = [
        (login, login, person, ", ".join(filter(None, [position, roles])))
        for login, person, position, roles in rows
    ]
    return [
        ("admin", "admin", "Administrator", "everything"),
        *users,
        # Odoo's own demo customer
        ("portal", "portal", "Joel Willis", "a customer in the portal"),
    ]
