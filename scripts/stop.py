"""make stop: stop Odoo and the PostgreSQL of our own. Runs with the system's Python, with or
without .venv.
"""

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

    line("Odoo is stopped now." if serve.stop_running() else "Odoo was not running.")
    # make run stops PostgreSQL itself when it ends: both of us may be at it.
    postgres.stop()
    line("PostgreSQL is stopped (a server of your own is left alone).")


if __name__ == "__main__":
    main(run)
