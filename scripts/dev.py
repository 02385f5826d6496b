"""Small change for daily work, with the same Odoo, PostgreSQL and configuration as 'make run' and
'make test'.

.venv/bin/python scripts/dev.py start                    start PostgreSQL .venv/bin/python
scripts/dev.py create DB [TEMPLATE]     DB = a fresh copy of the base template
.venv/bin/python scripts/dev.py odoo ARGUMENTS           any Odoo command: -d DB -u
order_process_control ... .venv/bin/python scripts/dev.py pytest DB ARGUMENTS      tests against DB
as it is .venv/bin/python scripts/dev.py psql DB                  a psql prompt .venv/bin/python
scripts/dev.py list                     databases there are
"""

import os
import sys

from toolchain import databases, odoo_config, odoo_source, paths, postgres, templates
from toolchain.say import ToolchainError, line, main


def prepare():
    paths.make_folders()
    server, odoo = postgres.start(), odoo_source.locate()
    odoo_config.write(odoo, server)
    return server, odoo


def create(server, odoo, name, template=None):
    template = template or templates.ensure_base(server, odoo)
    databases.copy(server, template, name)
    line(f"{name} is a copy of {template}")


def run():
    if len(sys.argv) < 2:
        raise ToolchainError(__doc__)
    action, arguments = sys.argv[1], sys.argv[2:]
    server, odoo = prepare()
    environ = odoo_config.environment(odoo, server)
    if action == "start":
        line(server.describe())
    elif action == "list":
        line("\n".join(databases.names(server, "")))
    elif action == "create":
        create(server, odoo, *arguments)
    elif action == "odoo":
        argv = odoo_config.command(*arguments)
        os.execve(argv[0], argv, environ)
    elif action == "pytest":
        argv = [
            str(paths.PYTHON),
            "-m",
            "pytest",
            f"--odoo-config={paths.CONFIG}",
            f"--odoo-database={arguments[0]}",
        ]
        argv += ["--odoo-http", *(arguments[1:] or [paths.ADDON])]
        os.execve(argv[0], argv, environ)
    elif action == "psql":
        psql = str(postgres.Embedded().binary("psql"))
        os.execve(psql, [psql, *arguments], environ)
    else:
        raise ToolchainError(__doc__)


if __name__ == "__main__":
    main(run)
