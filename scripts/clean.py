"""make clean and make distclean: stop what runs, remove .venv, and with --cache also the cached
Odoo.
"""

import shutil
import subprocess
import sys

from toolchain import paths
from toolchain.say import line, main


def run():
    subprocess.run(
        [sys.executable, paths.SCRIPTS / "stop.py"], stdin=subprocess.DEVNULL, check=False
    )
    own = [paths.VENV, paths.TMP, paths.SOCKETS]
    remove(own + ([paths.cache_dir()] if "--cache" in sys.argv[1:] else []))
    line(
        "Databases on a PostgreSQL server of yours (PGHOST, DATABASE_URL) are left alone; "
        "their names start with opc_."
    )


def remove(folders):
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
            line(f"{folder} is gone.")


if __name__ == "__main__":
    main(run)
