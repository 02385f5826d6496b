"""Odoo's configuration file, and how Odoo is called with it."""

from . import commands, paths

# Everything on one machine, one developer: no workers, no database list, only this computer may
# connect.
FIXED = {
    "http_interface": "127.0.0.1",
    "workers": "0",
    "list_db": "False",
    "without_demo": "True",
    "screenshots": str(paths.SCREENSHOTS),
    "data_dir": str(paths.DATA_DIR),
}


def write(odoo, server, file=paths.CONFIG, extra_addons=(), **options):
    """Write the file and return it. Long-lived facts only; the database is named on the command
    line.
    """
    addons = [*odoo.addons_paths, *extra_addons, paths.ROOT]
    values = {
        "addons_path": ",".join(str(folder) for folder in addons),
        **FIXED,
        **server.odoo_options(),
        **{name: str(value) for name, value in options.items()},
    }
    text = "[options]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
        # The password of somebody's server may be in it.
        file.chmod(0o600)
    return file


def environment(odoo, server):
    """What an Odoo process finds around it: our Odoo on the path, the PostgreSQL server."""
    return commands.clean_environment(PYTHONPATH=odoo.python_path, **server.environment())


def command(*arguments, config=paths.CONFIG):
    """The command line of Odoo: an Odoo command (shell, i18n ...) comes first, the configuration
    after it.
    """
    first = [arguments[0]] if arguments and not arguments[0].startswith("-") else []
    rest = arguments[len(first) :]
    return [str(paths.PYTHON), "-m", "odoo", *first, "-c", str(config), *rest]
