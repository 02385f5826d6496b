"""make coverage: the tests, and how much of the addon's Python they run.

    make coverage           the whole suite
    make coverage T=gate    a part of it, as for make test

Each process of the tests notes the lines it runs; together they make one report, of the files
below the aim first. Migrations are left to make upgrades.
"""

import os
import shutil
import sys

from coverage import Coverage

import run_tests
from toolchain import paths
from toolchain.odoo_env import use_venv
from toolchain.say import ToolchainError, line, main

AIM = 95
FOLDER = paths.VAR / "coverage"
SETTINGS = """[run]
source = {addon}
omit =
    */tests/*
    */migrations/*
    */__manifest__.py
data_file = {folder}/data
parallel = True
sigterm = True

[report]
exclude_also =
    raise NotImplementedError
"""


def run():
    use_venv()
    settings = prepare()
    code = run_tests.run()
    report(settings)
    return code


def prepare():
    """Every Python process that is started from here on takes part."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    settings = FOLDER / "coveragerc"
    settings.write_text(SETTINGS.format(addon=paths.ADDON_DIR, folder=FOLDER))
    os.environ["COVERAGE_PROCESS_START"] = str(settings)
    return settings


def report(settings):
    """Print the files below the aim, and the whole."""
    coverage = Coverage(config_file=str(settings))
    coverage.combine()
    coverage.save()
    figures = []
    for file in coverage.get_data().measured_files():
        _file, lines, _excluded, missing, words = coverage.analysis2(file)
        if lines:
            figures.append((len(lines), len(missing), os.path.relpath(file, paths.ROOT), words))
    if not figures:
        raise ToolchainError("No line of the addon was run.")
    for lines, missing, file, words in sorted(figures, key=lambda row: -row[1]):
        if missing and 100 * missing > (100 - AIM) * lines:
            line(f"{100 * (lines - missing) / lines:5.1f} %  {file}: {words}")
    lines, missing = (sum(row[number] for row in figures) for number in (0, 1))
    line(f"{100 * (lines - missing) / lines:.1f} % of {lines} lines in {len(figures)} files")


if __name__ == "__main__":
    sys.exit(main(run))
