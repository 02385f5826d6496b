"""make stop: stop Odoo and the PostgreSQL of our own. Runs with the system's Python, with or without .venv."""

import os
import sys

from toolchain import paths, serve
from toolchain.say import line, main


def run():
    if not paths.PYTHON.exists():
        line("Nothing is running: there is no .venv.")
        return
    if sys.prefix != str(paths.VENV):
        os.execv(paths.PYTHON, [str(paths.PYTHON), __file__])
    from toolchain import postgres

    line("Odoo was stopped." if serve.stop_running() else "Odoo was not running.")
    line(
        "PostgreSQL was stopped." if postgres.stop() else "The embedded PostgreSQL was not running."
    )


if __name__ == "__main__":
    main(run)
