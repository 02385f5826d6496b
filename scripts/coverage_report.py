"""make coverage: which lines of the addon no test runs.

    python3 scripts/bootstrap.py test scripts/coverage_report.py [T]

T is what make test takes. Every process of the run measures for itself; what they have seen is put
together, and files below 95 % are listed with the lines that nobody has run. It finds code that is
not tested, not code that is tested badly: make mutate does that.
"""

import os
import subprocess
import sys

import run_tests
from toolchain import paths
from toolchain.say import ToolchainError, line, main

DATA = paths.VAR / "coverage"
ENOUGH = 95
# Nothing in them is a line that a test should have run
OMITTED = ("*/tests/*", "*/__manifest__.py", "*/__init__.py", "*/migrations/*")
SETTINGS = """[run]
source = {source}
data_file = {data}
omit = {omit}
parallel = true
[report]
show_missing = true
skip_empty = true
"""


def environment():
    """What lets each Python process of the run measure itself: coverage brings the hook."""
    DATA.mkdir(parents=True, exist_ok=True)
    for file in DATA.glob("data*"):
        file.unlink()
    settings = DATA / "settings"
    settings.write_text(
        SETTINGS.format(source=paths.ADDON_DIR, data=DATA / "data", omit=",".join(OMITTED))
    )
    return {"COVERAGE_PROCESS_START": str(settings)}


def command(*arguments):
    return [str(paths.PYTHON), "-m", "coverage", *arguments, f"--rcfile={DATA / 'settings'}"]


def below(rows, enough=ENOUGH):
    """(share, statements, file, missing lines) of the files below, the worst first.

    :param rows: of coverage's report as text
    """
    found = []
    for row in rows:
        words = row.split(maxsplit=4)
        if len(words) > 3 and words[3].endswith("%") and words[0] != "TOTAL":
            share = int(words[3].rstrip("%"))
            if share < enough:
                missing = words[4] if len(words) > 4 else ""
                found.append((share, int(words[1]), words[0], missing))
    return sorted(found)


def run():
    selection = run_tests.select(" ".join(sys.argv[1:]))
    if not selection.addon:
        raise ToolchainError("Choose tests of the addon: its code is measured.")
    os.environ.update(environment())
    results = run_tests.run_addon(selection)
    del os.environ["COVERAGE_PROCESS_START"]
    report()
    return run_tests.conclude(results)


def report():
    subprocess.run(command("combine", "--quiet"), cwd=paths.ROOT, check=True)
    result = subprocess.run(
        command("report"), cwd=paths.ROOT, check=True, capture_output=True, text=True
    )
    rows = result.stdout.splitlines()
    poor = below(rows)
    line(f"\nFiles below {ENOUGH} %: {len(poor)}")
    for share, statements, file, missing in poor:
        line(f"{share:4} % of {statements:4} lines  {file}  {missing}")
    line("\n" + next(row for row in reversed(rows) if row.startswith("TOTAL")))


if __name__ == "__main__":
    main(run)
