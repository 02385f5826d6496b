"""Where everything lies: all of it below .venv, but for Odoo itself, which clones share."""

import os
from pathlib import Path

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
TMP = VAR / "tmp"
CONFIG = VAR / "odoo.conf"
RUN_STATE = VAR / "run.json"


def cache_dir(environ=os.environ):
    """The user's cache: Odoo is big and the same for every clone of this repository."""
    base = environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "order-process-control"


def make_folders():
    for folder in (VAR, STAMPS, LOGS, DATA_DIR, FILESTORE, SCREENSHOTS, TMP):
        folder.mkdir(parents=True, exist_ok=True)
