"""make i18n: the template of all texts (.pot) and the translations (.po), as they follow from the
code and the data as they are now.

Odoo exports the texts from a database that has the addon without its demo data. What was translated
stays, what is said no longer goes, what is new is empty. One line for each language says what is
missing. A language that is named is begun: scripts/bootstrap.py test scripts/i18n.py nl_NL
"""

import sys

from toolchain import (
    catalogs,
    commands,
    databases,
    odoo_config,
    odoo_source,
    paths,
    postgres,
    templates,
)
from toolchain.say import line, main, step

FOLDER = paths.ADDON_DIR / "i18n"


TEMPLATE = FOLDER / f"{paths.ADDON}.pot"


def export(server, odoo, name):
    """Write the template of texts, from a copy of the base template in which the addon is
    installed without demo data.
    """
    with step("Installing the addon without demo data"):
        databases.copy(server, templates.ensure_base(server, odoo), name)
        # Odoo loads the demo data of an addon only where all that it depends on has its own
        postgres.execute(server, "UPDATE ir_module_module SET demo = false", database=name)
        templates.install(server, odoo, name, [paths.ADDON], "i18n")
    with step("Exporting the texts"):
        argv = [paths.PYTHON, "-m", "odoo", "i18n", "export", "-c", paths.CONFIG, "-d", name]
        argv += ["-l", "pot", "--", paths.ADDON]
        commands.run(argv, env=odoo_config.environment(odoo, server), cwd="/")
    databases.drop(server, name)
    catalogs.tidy(TEMPLATE)


def run():
    FOLDER.mkdir(exist_ok=True)
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        odoo_config.write(odoo, server)
        export(server, odoo, templates.prefix(server) + "i18n")
    # Not by Odoo: it empties the file before it reads from it what is said in the code
    for code in sorted({*(file.stem for file in FOLDER.glob("*.po")), *sys.argv[1:]}):
        file = FOLDER / f"{code}.po"
        catalogs.update(file, TEMPLATE)
        line(f"{code}: {catalogs.count(file)}")


if __name__ == "__main__":
    main(run)
