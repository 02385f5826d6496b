"""make wheel: the addon as a distribution that pip installs (odoo-addon-order-process-control).

whool, the build backend, takes the version from the manifest and from git's history, so it builds
from a commit.
"""

import sys
from pathlib import Path

from toolchain import commands, paths
from toolchain.say import line, main, note, step


def build(addon, target):
    """Build offline, with the whool that is installed here; return the wheel."""
    argv = [paths.PYTHON, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    argv += ["--no-index", "--disable-pip-version-check", "--wheel-dir", target, addon]
    before = set(target.glob("*.whl")) if target.is_dir() else set()
    commands.run(
        argv,
        failure="the wheel could not be built (whool needs a git repository with a commit)",
        env=commands.clean_environment(),
    )
    wheels = set(target.glob("*.whl"))
    return max(wheels - before or wheels, key=lambda wheel: wheel.stat().st_mtime)


def run():
    target = Path(sys.argv[1]) if sys.argv[1:] else paths.ROOT / "dist"
    target.mkdir(parents=True, exist_ok=True)
    with step("Building the wheel"):
        wheel = build(paths.ADDON_DIR, target)
    line(f"{wheel}")
    note("It depends on odoo 19.0, which PyPI does not have: pip install --no-deps.")


if __name__ == "__main__":
    main(run)
