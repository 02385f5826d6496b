"""make test: the whole suite, or a part of it, against a real Odoo, a real PostgreSQL and a real
browser.

    python3 scripts/bootstrap.py test scripts/run_tests.py [T]

T is one or more paths (file, folder, file::Class::test), else a pytest -k expression. J=1 in the
environment runs without a second process.
"""

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys

from toolchain import (
    commands,
    databases,
    odoo_config,
    odoo_source,
    paths,
    postgres,
    pytest_plugin,
    templates,
)
from toolchain.say import ToolchainError, line, main, note, step

# The names that Odoo's tests look for, in its order.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
ADDON_TESTS = f"{paths.ADDON}/tests"
SCRIPT_TESTS = "scripts/tests"
NO_TESTS_COLLECTED = 5


@dataclasses.dataclass
class Selection:
    """Which tests of which of the two suites; None leaves a suite out."""

    addon: list | None
    scripts: list | None
    keyword: str = ""

    def options(self):
        return ["-k", self.keyword] if self.keyword else []


def select(argument, root=paths.ROOT):
    """Split what was asked for: paths if they exist, an expression for -k otherwise."""
    words = argument.split()
    found = [(root / word.split("::")[0]).exists() for word in words]
    if not words:
        return Selection([ADDON_TESTS], [SCRIPT_TESTS])
    if not all(found):
        if any("/" in word or word.endswith(".py") for word in words):
            missing = [word for word, there in zip(words, found, strict=True) if not there]
            raise ToolchainError(f"There is no {missing[0]} to test.")
        return Selection([ADDON_TESTS], [SCRIPT_TESTS], argument)
    names = [os.path.relpath(root / word, root) for word in words]
    scripts = [name for name in names if name.split(os.sep)[0] == "scripts"]
    addon = [name for name in names if name not in scripts]
    return Selection(addon or None, scripts or None)


def workers(selection, environ=os.environ, cores=None):
    """How many processes: one per core for a run of many files, a single one for a small part."""
    if environ.get("J"):
        return int(environ["J"])
    files = {file for name in selection.addon for file in test_files(name)}
    cores = cores or len(os.sched_getaffinity(0))
    return max(1, min(cores, len(files), 4))


def test_files(name, root=paths.ROOT):
    path = root / name.split("::")[0]
    return {path} if path.is_file() else set(path.rglob("test_*.py"))


def find_browser():
    for name in BROWSERS:
        if shutil.which(name):
            return name
    raise ToolchainError(
        "the browser tests need Chromium or Chrome, and none was found. "
        "On Debian: apt install chromium. (Looked for: " + ", ".join(BROWSERS) + ")"
    )


def run():
    selection = select(" ".join(sys.argv[1:]))
    if selection.addon:
        find_browser()
    results = run_addon(selection) if selection.addon else []
    results += run_scripts(selection) if selection.scripts else []
    return conclude(results)


def run_scripts(selection):
    """The toolchain's own tests need no Odoo."""
    argv = ["-p", "no:odoo", "-p", "no:xdist", *selection.options(), *selection.scripts]
    return [pytest(argv, commands.clean_environment(), "scripts")]


def run_addon(selection):
    paths.make_folders()
    with templates.lock(), postgres.session() as server:
        odoo = odoo_source.locate()
        note(f"Odoo {odoo.version} ({odoo.origin}); PostgreSQL: {server.describe()}")
        config = odoo_config.write(odoo, server, paths.VAR / "odoo-test.conf", max_cron_threads=0)
        environ = odoo_config.environment(odoo, server)
        argv = [f"--odoo-config={config}", "--odoo-http", *selection.options(), *selection.addon]
        results = []
        for apps, get_parts in ((), parts), (templates.MORE_APPS, more_parts):
            if not selected_files(selection, bool(apps)):
                continue
            template = templates.ensure_addon(server, odoo, apps)
            names = run_databases(server, 1 if apps else workers(selection))
            with copies(server, template, names):
                results += [
                    pytest([*options, *argv], part_environ, title)
                    for title, options, part_environ in get_parts(names, environ)
                ]
        return results


def selected_files(selection, with_more_apps, root=paths.ROOT):
    """The files that need more apps than the addon depends on, or the others."""
    folder = pytest_plugin.MORE_APPS_FOLDER
    files = {file for name in selection.addon for file in test_files(name, root)}
    return {file for file in files if (folder in file.parts) == with_more_apps}


@contextlib.contextmanager
def copies(server, template, names):
    """Run databases for as long as the tests take."""
    with step(f"Copying the template, {len(names)} times"):
        for name in names:
            databases.copy(server, template, name)
    try:
        yield
    finally:
        for name in names:
            databases.drop(server, name)


def more_parts(names, environ):
    """The one pytest run of what needs more apps."""
    part = {pytest_plugin.DATABASE: names[0], pytest_plugin.PART: "more_apps"}
    yield "addon, beside more of Odoo's apps", [], environ | part


def parts(names, environ):
    """(title, options, environment) of each pytest run: the tours apart, when there is a choice."""
    if len(names) == 1:
        part = {pytest_plugin.DATABASE: names[0], pytest_plugin.PART: "plain"}
        yield "addon", [], environ | part
        return
    base = names[0].rpartition("_")[0]
    yield (
        "addon, without browser",
        ["-n", str(len(names)), "--dist", "loadfile"],
        environ | {pytest_plugin.DATABASE: base, pytest_plugin.PART: "quiet"},
    )
    alone = {pytest_plugin.DATABASE: names[0], pytest_plugin.PART: "browser"}
    yield "addon, in the browser", [], environ | alone


def run_databases(server, count):
    base = templates.prefix(server) + "test"
    return [
        pytest_plugin.database_name(base, f"gw{number}" if count > 1 else None)
        for number in range(count)
    ]


def pytest(argv, environ, title):
    """Run pytest and read its figures; a run that broke off counts as an error."""
    line(f"==> Testing: {title} ...")
    results = paths.TMP / "results.json"
    results.unlink(missing_ok=True)
    # Browsers leave their profiles behind.
    shutil.rmtree(paths.TMP / "t", ignore_errors=True)
    paths.make_private(paths.TMP / "t")
    environ["TMPDIR"] = str(paths.TMP / "t")
    environ[pytest_plugin.RESULTS] = str(results)
    environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(paths.SCRIPTS), environ.get("PYTHONPATH")])
    )
    command = [str(paths.PYTHON), "-m", "pytest", "-p", "toolchain.pytest_plugin", *argv]
    code = subprocess.run(command, env=environ, cwd=paths.ROOT, stdin=subprocess.DEVNULL).returncode
    figures = json.loads(results.read_text()) if results.is_file() else {}
    if code not in (0, NO_TESTS_COLLECTED) and not any(
        figures.get(key) for key in ("failed", "errors", "skipped")
    ):
        figures["errors"] = figures.get("errors", 0) + 1
    return figures


def conclude(results):
    """One line for all suites, and the exit code."""
    total = {
        key: sum(figures.get(key, 0) for figures in results)
        for key in ("passed", "failed", "errors", "skipped")
    }
    failed = total["failed"] + total["errors"] + total["skipped"]
    if total["skipped"]:
        line(f"\n{total['skipped']} tests were skipped; that counts as a failure.")
    if not total["passed"] and not failed:
        line("\nNo test was run.")
    line(f"\n{total['passed']} passed, {failed} failed")
    return 1 if failed or not total["passed"] else 0


if __name__ == "__main__":
    main(run)
