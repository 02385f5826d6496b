"""Make the virtual environment that a script needs, then run the script in it.

    python3 scripts/bootstrap.py GROUP SCRIPT [ARGUMENTS]

GROUP is 'test' (Odoo, PostgreSQL, pytest), 'lint' (linters alone) or 'none'. This file runs with
the system's python3 and its standard library only; everything else may rely on .venv.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from toolchain import paths
from toolchain.say import ToolchainError, main, step

OLDEST, NEWEST = (3, 10), (3, 13)
# Per group: the environment, and its requirement files; constraints pin what those pull in.
GROUPS = {
    "test": (paths.VENV, ("odoo.txt", "test.txt"), ("constraints.txt",)),
    "lint": (paths.LINT_VENV, ("lint.txt",), ()),
}


def run():
    if len(sys.argv) < 3:
        raise ToolchainError(__doc__)
    group, script, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    python = sys.executable if group == "none" else ensure(group)
    os.execv(python, [str(python), script, *arguments])


def ensure(group):
    """The group's python, with exactly the pinned packages."""
    check_python(sys.version_info)
    folder, requirements, constraints = GROUPS[group]
    files = [paths.REQUIREMENTS / name for name in (*requirements, *constraints)]
    wanted = fingerprint(files, folder)
    stamp = folder / "var" / "stamps" / group if folder == paths.VENV else folder / "installed"
    python = folder / "bin" / "python"
    if stamp.is_file() and stamp.read_text() == wanted and python.exists():
        return python
    if not usable(folder):
        with step(f"Creating {folder.relative_to(paths.ROOT)}"):
            create(folder)
    title = f"Installing pinned packages into {folder.relative_to(paths.ROOT)}"
    with step(f"{title} (half a minute, more on a slow line)"):
        install(python, requirements, constraints)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return python


def check_python(version):
    if version[:2] < OLDEST:
        raise ToolchainError(
            f"Odoo 19 needs Python 3.10 or newer, this is {version[0]}.{version[1]}. Use PYTHON=..."
        )
    if version[:2] > NEWEST:
        raise ToolchainError(
            f"Odoo's pinned packages are known for Python 3.10 to 3.13; this is {version[0]}."
            f"{version[1]}. Name an older one: make PYTHON=python3.12 ..."
        )


def fingerprint(files, folder):
    """What an environment depends on: its requirements, its Python, and where it lies (it cannot be
    moved).
    """
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    digest.update(f"{sys.version_info[:3]} {folder}".encode())
    return digest.hexdigest()


def usable(folder):
    """Was it made here, and does its Python still run? A moved clone or a removed Python leaves a
    broken one.
    """
    python, pip = folder / "bin" / "python", folder / "bin" / "pip"
    if not python.exists() or not pip.exists() or str(folder) not in pip.read_text():
        return False
    code = "import sys; print(*sys.version_info[:2])"
    result = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return result.returncode == 0 and result.stdout.split() == [
        str(part) for part in sys.version_info[:2]
    ]


def create(folder):
    """Make it anew, but keep what lies below it (databases survive a new Python)."""
    for name in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
        path = folder / name
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)
    result = subprocess.run(
        [sys.executable, "-m", "venv", folder],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        output = result.stdout + result.stderr
        if "ensurepip" in output:
            raise ToolchainError(
                "this Python cannot make virtual environments. "
                f"On Debian and Ubuntu: apt install {venv_package()}"
            )
        raise ToolchainError(f"python3 -m venv failed:\n{output}")


def venv_package():
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv  (or python3-venv)"


def install(python, requirements, constraints):
    argv = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    for option, names in (("-r", requirements), ("-c", constraints)):
        for name in names:
            argv += [option, paths.REQUIREMENTS / name]
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME")
    }
    result = subprocess.run(
        [str(part) for part in argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environ,
    )
    if result.returncode:
        output = (result.stdout + result.stderr)[-3000:]
        raise ToolchainError(f"pip could not install the pinned packages (no network?):\n{output}")


if __name__ == "__main__":
    main(run)
