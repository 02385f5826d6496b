"""make mutate: would the tests notice if a guard were missing?

    python3 scripts/bootstrap.py test scripts/mutate.py [PREFIX ...]

Disables one guard of scripts/mutations.py at a time, in a copy of the addon or of its database,
and runs the tests that should notice. What none of them notices has survived: a test is missing.
All of it takes hours; a prefix of names chooses a part.
"""

import os
import shutil
import subprocess
import sys

import mutations
from run_tests import find_browser, run_databases
from toolchain import databases, odoo_config, odoo_source, paths, postgres, pytest_plugin, templates
from toolchain.say import ToolchainError, line, main, note, step

COPY = paths.VAR / "mutants"
PASSED, FAILED = 0, 1
# Seconds after which tests that wait for ever without a guard have noticed that it is missing
PATIENCE = 1800


def choose(prefixes, known=None):
    """The mutations whose names begin with one of the prefixes, all without any."""
    known = mutations.all_mutations() if known is None else known
    chosen = [m for m in known if m.name.startswith(tuple(prefixes or [""]))]
    if not chosen:
        raise ToolchainError(
            f"No guard in scripts/mutations.py begins with {' or '.join(prefixes)}."
        )
    return chosen


class Mutants:
    """A copy of the addon and of its database to do things to."""

    def __init__(self, server, odoo, template, database):
        self.server, self.template, self.database = server, template, database
        config = paths.VAR / "odoo-mutants.conf"
        odoo_config.write(odoo, server, config, extra_addons=[COPY], max_cron_threads=0)
        # Ours comes last on that list; the copy must be the only one
        text = config.read_text().replace(f",{paths.ROOT}\n", "\n")
        config.write_text(text)
        self.config = config
        self.environ = odoo_config.environment(odoo, server) | {
            pytest_plugin.DATABASE: database,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(paths.TMP),
        }
        path = [str(paths.SCRIPTS), self.environ.get("PYTHONPATH")]
        self.environ["PYTHONPATH"] = os.pathsep.join(filter(None, path))

    def fresh(self):
        """Begin with the addon and its database as they are."""
        shutil.rmtree(COPY, ignore_errors=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.po", "*.pot")
        shutil.copytree(paths.ADDON_DIR, COPY / paths.ADDON, ignore=ignored)
        shutil.copy2(paths.ROOT / "pyproject.toml", COPY)
        databases.copy(self.server, self.template, self.database)

    def test(self, files, patience=None):
        """Whether these tests pass; they do not when they take longer than ``patience`` seconds.

        :raise ToolchainError: when they cannot be run
        """
        tests = [f"{mutations.TESTS}/{file}" for file in dict.fromkeys(files)]
        command = [str(paths.PYTHON), "-m", "pytest", "-p", "toolchain.pytest_plugin", "-x", "-q"]
        command += [f"--odoo-config={self.config}", "--odoo-http", *tests]
        log = paths.LOGS / "mutate.log"
        with open(log, "w") as output:
            try:
                result = subprocess.run(
                    command,
                    env=self.environ,
                    cwd=COPY,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    timeout=patience,
                )
            except subprocess.TimeoutExpired:
                return False
        if result.returncode not in (PASSED, FAILED):
            raise ToolchainError(f"The tests could not be run: see {log}")
        return result.returncode == PASSED

    def survives(self, mutation):
        """Disable a guard, and say whether all tests pass all the same."""
        if mutation.statement:
            postgres.execute(self.server, mutation.statement, database=self.database)
            try:
                return self.test(mutation.tests, PATIENCE)
            finally:
                databases.copy(self.server, self.template, self.database)
        file = COPY / paths.ADDON / mutation.file
        text = file.read_text(encoding="utf-8")
        file.write_text(mutation.apply(text), encoding="utf-8")
        try:
            return self.test(mutation.tests, PATIENCE)
        finally:
            file.write_text(text, encoding="utf-8")


def run():
    chosen = choose(" ".join(sys.argv[1:]).split())
    paths.make_folders()
    find_browser()
    with templates.lock(), postgres.session() as server:
        odoo = odoo_source.locate()
        template = templates.ensure_addon(server, odoo)
        database = f"{run_databases(server, 1)[0]}_mutants"
        mutants = Mutants(server, odoo, template, database)
        mutants.fresh()
        try:
            return conclude(chosen, list(try_all(mutants, chosen)))
        finally:
            databases.drop(server, database)
            shutil.rmtree(COPY, ignore_errors=True)


def try_all(mutants, chosen):
    """The mutations that survive, as they are found."""
    files = [file for mutation in chosen for file in mutation.tests]
    with step(f"Running {len(set(files))} files of tests with every guard in its place"):
        if not mutants.test(files):
            raise ToolchainError(f"They fail already: see {paths.LOGS / 'mutate.log'}")
    for number, mutation in enumerate(chosen, start=1):
        survived = mutants.survives(mutation)
        note(f"{number}/{len(chosen)} {'SURVIVED' if survived else 'noticed '} {mutation.name}")
        if survived:
            yield mutation


def conclude(chosen, survivors):
    line(f"\n{len(chosen) - len(survivors)} of {len(chosen)} missing guards were noticed.")
    for mutation in survivors:
        line(f"No test notices that {mutation.name} is missing: {', '.join(mutation.tests)}")
    return 1 if survivors else 0


if __name__ == "__main__":
    main(run)
