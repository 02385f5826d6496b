"""An Odoo environment inside a script: what 'odoo shell' gives a person, for a program.

    with odoo_env("opc_bench") as env:
        env["sale.order"].search([])

The script must run with .venv's python (make targets and bootstrap.py see to that). Nothing is
committed unless the script calls env.cr.commit().
"""

import contextlib
import os
import sys

from . import odoo_config, paths

_ready = False


def use_venv():
    """Start the script again with .venv's python if it was started with another."""
    if sys.prefix != str(paths.VENV):
        os.execv(paths.PYTHON, [str(paths.PYTHON), *sys.argv])


def prepare(odoo, server, extra_addons=()):
    """Make ``import odoo`` work in this process, with one configuration for all databases."""
    global _ready
    config = odoo_config.write(
        odoo,
        server,
        paths.VAR / "odoo-script.conf",
        extra_addons=extra_addons,
        max_cron_threads=0,
        log_level="warn",
    )
    if _ready:
        return
    sys.path.insert(0, str(odoo.python_path))
    os.environ.update(server.environment(), TMPDIR=str(paths.TMP))
    import odoo.tools

    odoo.tools.config.parse_config(["-c", str(config)], setup_logging=True)
    _ready = True


@contextlib.contextmanager
def odoo_env(database, user="base.user_admin", context=None):
    """The environment of one user (an external id, or None for the superuser), rolled back at the
    end.
    """
    import odoo.api
    import odoo.modules.registry

    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, context or {})
        if user:
            env = env(user=env.ref(user))
            env = env(context={**env["res.users"].context_get(), **(context or {})})
        yield env
        cursor.rollback()


def close(database):
    """Forget the database in this process, so that it can be dropped."""
    import odoo.modules.registry
    import odoo.sql_db

    odoo.modules.registry.Registry.delete(database)
    odoo.sql_db.close_db(database)
