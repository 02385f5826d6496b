"""Addons of others to measure ourselves against: installed from PyPI for measuring, never copied
from.
"""

import subprocess

from . import databases, paths, templates
from .say import ToolchainError, step

# reference name -> the module to install; the distributions hold it and what it depends on.
PEERS = {
    "sale_tier_validation": "sale_tier_validation",
    "sale_exception": "sale_exception",
    "helpdesk_mgmt_sla": "helpdesk_mgmt_sla",
    "rma": "rma_sale",
}
REQUIREMENTS = paths.REQUIREMENTS / "peers.txt"
ADDONS = paths.PEERS / "odoo" / "addons"


def ensure_installed():
    """The pinned distributions, in a folder of their own below .venv."""
    stamp = paths.PEERS / "installed"
    wanted = REQUIREMENTS.read_text()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    argv = [
        paths.PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    argv += ["--upgrade", "--target", paths.PEERS, "-r", REQUIREMENTS]
    with step("Installing the peers to measure against"):
        result = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode:
            raise ToolchainError(
                f"pip could not install the peers:\n{result.stdout}{result.stderr}"
            )
    stamp.write_text(wanted)


def database(server, odoo, reference, name):
    """``name`` becomes a database to compare with: plain Odoo, or plain Odoo and one peer."""
    base = templates.ensure_base(server, odoo)
    if reference == "plain":
        databases.copy(server, base, name)
        return
    if reference not in PEERS:
        known = ", ".join(["plain", *PEERS])
        raise ToolchainError(f"There is no reference called {reference!r}; known: {known}.")
    made_from = templates.short_hash(base, reference, REQUIREMENTS.read_text())
    template = f"{templates.prefix(server)}peer_{made_from}"
    if not databases.exists(server, template):
        part = f"{template}_part"
        with step(f"Installing the peer {reference}"):
            databases.copy(server, base, part)
            templates.install(server, odoo, part, [PEERS[reference]], "peer", extra_addons=[ADDONS])
        databases.rename(server, part, template)
    databases.copy(server, template, name)
