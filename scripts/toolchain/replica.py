"""A streaming replica of our own PostgreSQL, for trials: made from a base backup, read only."""

import shutil
import time

from . import paths, postgres
from .say import ToolchainError

CATCH_UP_SECONDS = 60


class Replica(postgres.Embedded):
    """A second server on this machine that follows the first one."""

    def __init__(self, primary):
        folder = paths.VAR / "replica"
        super().__init__(folder, paths.short(folder, ".s.PGSQL.5432.lock"))
        self.primary = primary
        self.server = postgres.Server(
            "embedded", host=str(self.sockets), port=str(postgres.OWN_PORT), user=postgres.OWN_ROLE
        )

    def _initialise(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self._execute(
            [
                *("pg_basebackup", "-D", self.data, "-h", self.primary.host),
                *("-p", self.primary.port, "-U", self.primary.user),
                *("--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream"),
            ],
            "The replica could not be copied from the primary.",
        )

    def make(self):
        """Start it as a fresh copy of the primary as it is now."""
        self.remove()
        self.start()
        self.wait_until_even()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def pause(self):
        """From here on it falls behind, as one does that is slow or far away."""
        postgres.execute(self.server, "SELECT pg_wal_replay_pause()")

    def resume(self):
        postgres.execute(self.server, "SELECT pg_wal_replay_resume()")

    def wait_until_even(self):
        """Wait until it has everything that the primary has now; return the seconds."""
        started = time.monotonic()
        target = postgres.execute(self.primary, "SELECT pg_current_wal_insert_lsn()")[0][0]
        while time.monotonic() < started + CATCH_UP_SECONDS:
            query = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
            if postgres.execute(self.server, query, [target])[0][0]:
                return time.monotonic() - started
            time.sleep(0.05)
        raise ToolchainError(f"The replica did not catch up within {CATCH_UP_SECONDS} s.")
