"""make lint: every linter, all of their findings, none of Odoo and PostgreSQL needed.

With --fix ruff and OCA's module checks mend what they can, and nothing else runs.
"""

import concurrent.futures
import subprocess
import sys
import time

from toolchain import paths
from toolchain.say import ToolchainError, line, main

PYTHON_CODE = [paths.ADDON, "scripts"]
# Several rooms extend sale.order, each with what is its own: that is the design, not an oversight.
NOT_FOR_ROOMS = "--disable=consider-merging-classes-inherited"
BIN = paths.LINT_VENV / "bin"


def checks():
    """(name, command) of every check, the slow ones first: they run side by side."""
    addon = paths.ADDON_DIR
    if not (addon / "__manifest__.py").is_file():
        raise ToolchainError(f"There is no addon to check: {addon} has no __manifest__.py.")
    yield "pylint-odoo", [BIN / "pylint", "--rcfile=pyproject.toml", NOT_FOR_ROOMS, paths.ADDON]
    yield "oca-checks-odoo-module", [BIN / "oca-checks-odoo-module", paths.ADDON]
    for file in translations():
        yield f"oca-checks-po {file.name}", [BIN / "oca-checks-po", file.relative_to(paths.ROOT)]
    yield (
        "ruff check",
        [BIN / "ruff", "check", "--no-cache", "--output-format=concise", *PYTHON_CODE],
    )
    yield "ruff format", [BIN / "ruff", "format", "--check", "--no-cache", *PYTHON_CODE]
    yield "rooms", [sys.executable, "scripts/check_rooms.py"]
    yield "links", [sys.executable, "scripts/check_links.py"]


def translations():
    return sorted((paths.ADDON_DIR / "i18n").glob("*.po"))


def check(named):
    name, argv = named
    started = time.monotonic()
    result = subprocess.run(
        [str(part) for part in argv],
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - started
    return name, result.returncode, readable(result.stdout + result.stderr), seconds


def readable(output):
    """OCA's checks end with all of their findings once more, as one long line for machines."""
    lines = (line for line in output.splitlines() if not line.lstrip().startswith("[CheckerError("))
    return "\n".join(line.partition("[CheckerError(")[0] for line in lines if line.strip())


def run():
    if "--fix" in sys.argv[1:]:
        return fix()
    failed = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for name, code, output, seconds in pool.map(check, checks()):
            line(f"==> {name}: {'clean' if code == 0 else 'found something'} ({seconds:.1f} s)")
            if code:
                failed.append(name)
                line(output)
    line(f"\nNot clean: {', '.join(failed)}" if failed else "\nAll clean.")
    return 1 if failed else 0


def fix():
    """Let the tools rewrite the files; what remains is for make lint to say."""
    oca = [BIN / "oca-checks-odoo-module", "--fix", paths.ADDON]
    subprocess.run(oca, cwd=paths.ROOT, capture_output=True)
    for file in translations():
        subprocess.run([BIN / "oca-checks-po", "--fix", file], cwd=paths.ROOT, capture_output=True)
    for arguments in (["check", "--fix"], ["format"]):
        argv = [BIN / "ruff", *arguments, "--no-cache", *PYTHON_CODE]
        subprocess.run(argv, cwd=paths.ROOT, capture_output=True)
    line("Mended what can be mended. What remains: make lint")


if __name__ == "__main__":
    main(run)
