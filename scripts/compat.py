"""make compat: Odoo's own tests of the apps below us, without our addon and with it.

    make compat                        the short ones
    make compat M=sale,sale_stock      those of these modules (sale takes half an hour)

The same tests run twice, in two databases without demo data that differ in our addon alone, after
everything is installed. What fails without us too is not ours; only the difference counts. Tests
that start a browser or a server are left out unless TOURS=1 is in the environment.
"""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from toolchain import databases, odoo_config, odoo_source, paths, postgres, templates
from toolchain.odoo_env import use_venv
from toolchain.say import ToolchainError, line, main, note, step

SHORT = ("stock_delivery", "sale_purchase_stock", "repair", "portal")
SIDES = ("without", "with")
BAD = ("failed", "error")


def chosen(argument):
    """The modules that were asked for; commas or spaces between them."""
    return tuple(re.split(r"[,\s]+", argument.strip())) if argument.strip() else SHORT


def folder_of(odoo, module):
    for addons in odoo.addons_paths:
        folder = addons / module / "tests"
        if folder.is_dir():
            return folder
    raise ToolchainError(f"This Odoo has no tests of a module {module}.")


def make_databases(server, odoo):
    """A database without our addon and one with it: {side: name}."""
    base = templates.ensure_bare(server, odoo)
    names = {side: f"{templates.prefix(server)}compat_{side}" for side in SIDES}
    for side, name in names.items():
        databases.copy(server, base, name)
        if side == "with":
            with step(f"Installing {paths.ADDON}"):
                templates.install(server, odoo, name, [paths.ADDON], "compat")
    return names


def run_tests(server, odoo, module, side, database):
    """Run the module's tests; return {test: passed, failed, error or skipped}."""
    report = paths.VAR / f"compat-{module}-{side}.xml"
    report.unlink(missing_ok=True)
    argv = [str(paths.PYTHON), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    argv += [f"--odoo-config={write_config(odoo, server)}", f"--odoo-database={database}"]
    argv += [f"--junitxml={report}", "--tb=short", f"--rootdir={folder_of(odoo, module).parent}"]
    argv += ["-c", os.devnull, str(folder_of(odoo, module))]
    # With Odoo's server: without it whatever inherits from HttpCase is skipped, most of sale's
    argv.append("--odoo-http")
    if not os.environ.get("TOURS"):
        argv += ["-k", "not tour"]
    environ = odoo_config.environment(odoo, server)
    environ["PYTHONDONTWRITEBYTECODE"] = "1"
    log = paths.LOGS / f"compat-{module}-{side}.log"
    with open(log, "w") as output, step(f"Testing {module} {side} {paths.ADDON}"):
        subprocess.run(
            argv, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/"
        )
    if not report.is_file():
        raise ToolchainError(f"The tests of {module} broke off; see {log}.")
    return outcomes(report)


def write_config(odoo, server):
    return odoo_config.write(odoo, server, paths.VAR / "odoo-compat.conf", max_cron_threads=0)


def outcomes(report):
    """Read pytest's report."""
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').rpartition('.tests.')[2]}.{case.get('name')}"
        kinds = {child.tag for child in case}
        outcome = "passed"
        for tag, meaning in (("skipped", "skipped"), ("failure", "failed"), ("error", "error")):
            if tag in kinds:
                outcome = meaning
        # A test that failed and whose tearing down failed too is reported twice
        if found.get(name) not in BAD:
            found[name] = outcome
    return found


def compare(without, with_addon):
    """What our addon changes: (broken by it, mended by it, not run with it)."""
    broken = sorted(
        name for name, got in with_addon.items() if got in BAD and without.get(name) not in BAD
    )
    mended = sorted(
        name for name, got in without.items() if got in BAD and with_addon.get(name) == "passed"
    )
    lost = sorted(set(without) - set(with_addon))
    return broken, mended, lost


def summary(module, without, with_addon):
    def figures(found):
        parts = [f"{list(found.values()).count(kind)} {kind}" for kind in ("passed", *BAD)]
        return ", ".join([*parts, f"{list(found.values()).count('skipped')} skipped"])

    broken, mended, lost = compare(without, with_addon)
    rows = [f"{module}: without us {figures(without)}; with us {figures(with_addon)}"]
    for title, names in (("only with us", broken), ("only without us", mended), ("lost", lost)):
        rows += [f"    {title}: {name}" for name in names]
    both = sorted(name for name, got in without.items() if got in BAD and name in with_addon)
    rows += [f"    also without us: {name}" for name in both if name not in mended]
    return rows, bool(broken or lost)


def run():
    use_venv()
    modules = chosen(" ".join(sys.argv[1:]))
    paths.make_folders()
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        for module in modules:
            folder_of(odoo, module)
        names = make_databases(server, odoo)
    differs = False
    for module in modules:
        sides = [run_tests(server, odoo, module, side, names[side]) for side in SIDES]
        rows, bad = summary(module, *sides)
        differs |= bad
        line("\n".join(["", *rows]))
    for name in names.values():
        databases.drop(server, name)
    note(f"Tours of the browser {'ran too' if os.environ.get('TOURS') else 'were left out'}.")
    return 1 if differs else 0


if __name__ == "__main__":
    main(run)
