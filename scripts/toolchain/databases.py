"""Databases and their files: create, copy, rename, drop. A database and its filestore always go
together.
"""

import os
import shutil

from psycopg2 import sql

from . import paths, postgres

# Copying the files is about ten times faster than writing every page to the log, at the price of a
# checkpoint.
STRATEGY_SINCE = 150000


def exists(server, name):
    return bool(postgres.execute(server, "SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def names(server, prefix):
    rows = postgres.execute(server, "SELECT datname FROM pg_database ORDER BY datname")
    return [name for (name,) in rows if name.startswith(prefix)]


def copy(server, source, target):
    """``target`` becomes a copy of ``source``; what was there before is gone."""
    drop(server, target)
    postgres.wait_until_free(server, source)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(target), sql.Identifier(source)
    )
    version = postgres.execute(server, "SHOW server_version_num")[0][0]
    if int(version) >= STRATEGY_SINCE:
        statement += sql.SQL(" STRATEGY FILE_COPY")
    postgres.execute(server, statement)
    copy_filestore(source, target)


def copy_filestore(source, target):
    """Files of the filestore are named after their content and never changed: a hard link is a
    copy.
    """
    shutil.rmtree(paths.FILESTORE / target, ignore_errors=True)
    if (paths.FILESTORE / source).is_dir():
        shutil.copytree(
            paths.FILESTORE / source, paths.FILESTORE / target, copy_function=link_or_copy
        )


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def rename(server, old, new):
    """Give a finished database its final name: who finds that name may rely on it."""
    drop(server, new)
    postgres.wait_until_free(server, old)
    postgres.execute(
        server,
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)),
    )
    if (paths.FILESTORE / old).is_dir():
        (paths.FILESTORE / old).rename(paths.FILESTORE / new)


def drop(server, name):
    if exists(server, name):
        postgres.wait_until_free(server, name, seconds=2)
        postgres.execute(
            server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        )
    shutil.rmtree(paths.FILESTORE / name, ignore_errors=True)
