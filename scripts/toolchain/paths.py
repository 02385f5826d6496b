"""Where everything lies: all of it below .venv, but for Odoo itself, which clones share."""

import hashlib
import os
from pathlib import Path

from .say import ToolchainError

ROOT = Path(__file__).resolve().parents[2]
ADDON = "order_process_control"
ADDON_DIR = ROOT / ADDON
SCRIPTS = ROOT / "scripts"
REQUIREMENTS = ROOT / "requirements"

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LINT_VENV = VENV / "lint"
LINT_PYTHON = LINT_VENV / "bin" / "python"

VAR = VENV / "var"
STAMPS = VAR / "stamps"
LOGS = VAR / "log"
DATA_DIR = VAR / "data"
FILESTORE = DATA_DIR / "filestore"
SCREENSHOTS = VAR / "screenshots"
POSTGRES = VAR / "postgres"
PEERS = VAR / "peers"
CONFIG = VAR / "odoo.conf"
RUN_STATE = VAR / "run.json"


# A Unix socket's full name must fit in 107 bytes, and deep clones have long paths.
LONGEST_SOCKET_NAME = 107


def short(folder, tail):
    """``folder``, or a stand-in outside when a socket called ``tail`` below it would have too long
    a name. The stand-in is the same in every session, whatever its environment.
    """
    if len(os.fsencode(folder / tail)) <= LONGEST_SOCKET_NAME:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    return Path("/tmp") / f"opc-{os.getuid()}-{digest}"


# TMPDIR of everything we start. The browser puts a socket below it.
TMP = short(VAR / "tmp", "t/org.chromium.Chromium.XXXXXX/SingletonSocket")
# Where PostgreSQL's socket lies: beside the data if the name fits.
SOCKETS = short(POSTGRES, ".s.PGSQL.5432.lock")


def cache_dir(environ=os.environ):
    """The user's cache: Odoo is big and the same for every clone of this repository."""
    base = environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "order-process-control"


def make_folders():
    for folder in (VAR, STAMPS, LOGS, DATA_DIR, FILESTORE, SCREENSHOTS):
        folder.mkdir(parents=True, exist_ok=True)
    make_private(TMP)


def make_private(folder, owners=()):
    """A folder for us alone; one in /tmp might have been made by somebody else before us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.lstat().st_uid not in {os.geteuid(), *owners}:
        raise ToolchainError(f"{folder} belongs to somebody else: ask them to remove it.")
