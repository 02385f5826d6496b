"""Running other programs: quiet when all is well, with their last words when not."""

import os
import subprocess

from . import paths
from .say import ToolchainError

TAIL_LINES = 40


def run(argv, *, log=None, failure=None, **options):
    """Run to the end and return the output; on failure raise with the tail of what was printed.

    ``log`` is a file that keeps everything, ``failure`` the sentence that explains what went wrong.
    """
    argv = [str(part) for part in argv]
    result = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(result.stdout)
    if result.returncode:
        tail = "\n".join(result.stdout.splitlines()[-TAIL_LINES:])
        where = f"\nThe whole output is in {log}" if log else ""
        raise ToolchainError(
            f"{failure or 'this command failed: ' + ' '.join(argv)}\n{tail}{where}"
        )
    return result.stdout


def clean_environment(**extra):
    """The user's environment without what would lead Odoo astray, and with a TMPDIR of ours."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME", "ODOO_RC", "OPENERP_SERVER")
    }
    paths.make_private(paths.TMP)
    environ["TMPDIR"] = str(paths.TMP)
    environ["PYTHONDONTWRITEBYTECODE"] = environ.get("PYTHONDONTWRITEBYTECODE", "")
    environ.update({name: str(value) for name, value in extra.items()})
    if not environ["PYTHONDONTWRITEBYTECODE"]:
        del environ["PYTHONDONTWRITEBYTECODE"]
    return environ
