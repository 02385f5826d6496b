"""make i18n: the template of all texts (.pot) and the translations (.po), as they follow from the
code and the data as they are now.

Odoo exports them from a database that has the addon without its demo data. What was translated
stays, what is said no longer goes, what is new is empty. One line for each language says what is
missing.
"""

import subprocess
import sys

from toolchain import databases, odoo_config, odoo_source, paths, postgres, templates
from toolchain.catalogs import complete_header, count
from toolchain.odoo_env import use_venv
from toolchain.say import ToolchainError, line, main, step

FOLDER = paths.ADDON_DIR / "i18n"


def languages():
    return sorted(file.stem for file in FOLDER.glob("*.po"))


def database_without_demo(server, odoo):
    """A copy of the base template in which the addon is installed without demo data."""
    name = templates.prefix(server) + "i18n"
    databases.copy(server, templates.ensure_base(server, odoo), name)
    # Odoo loads the demo data of an addon only where all that it depends on has its own
    postgres.execute(server, "UPDATE ir_module_module SET demo = false", database=name)
    templates.install(server, odoo, name, [paths.ADDON], "i18n")
    return name


def call_i18n(server, odoo, *arguments):
    argv = [str(paths.PYTHON), "-m", "odoo", "i18n", *arguments]
    result = subprocess.run(
        argv,
        env=odoo_config.environment(odoo, server),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
    )
    if result.returncode:
        raise ToolchainError(f"Odoo could not {arguments[0]}:\n{result.stderr[-4000:]}")


def run():
    use_venv()
    codes = sorted({*languages(), *sys.argv[1:]})
    FOLDER.mkdir(exist_ok=True)
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        odoo_config.write(odoo, server)
        with step("Installing the addon without demo data"):
            database = database_without_demo(server, odoo)
        with step("Exporting the texts"):
            options = ("-c", str(paths.CONFIG), "-d", database)
            if codes:
                call_i18n(server, odoo, "loadlang", *options, "-l", *codes)
            call_i18n(server, odoo, "export", *options, "-l", "pot", *codes, "--", paths.ADDON)
        databases.drop(server, database)
    for code in codes:
        file = FOLDER / f"{code}.po"
        complete_header(file, code)
        line(f"{code}: {count(file)}")


if __name__ == "__main__":
    main(run)
