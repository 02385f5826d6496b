"""Odoo as a server in the foreground: find a port, start, wait until it answers, stop cleanly."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import odoo_config, paths
from .say import ToolchainError

FIRST_PORT = 8069
PORTS_TRIED = 50
START_TIMEOUT = 180
STOP_TIMEOUT = 20
HOST = "127.0.0.1"


def free_port(wanted=None):
    """The port that was asked for, or the first free one from 8069 on; tells whether 8069 itself
    was busy.
    """
    if wanted:
        if not is_free(int(wanted)):
            raise ToolchainError(
                f"port {wanted} is in use by another program. Choose another: make run PORT=8070"
            )
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(port):
            return port
    raise ToolchainError(
        f"no free port between {FIRST_PORT} and {FIRST_PORT + PORTS_TRIED - 1}: make run PORT=..."
    )


def is_free(port):
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class OdooServer:
    """One Odoo process in the foreground, remembered on disk so that 'make stop' finds it.

    Another one beside it has a ``state`` and a ``log`` of its own.
    """

    def __init__(
        self,
        odoo,
        server,
        database,
        port,
        state=paths.RUN_STATE,
        log=paths.LOGS / "odoo.log",
        cron_threads=1,
        options=(),
    ):
        self.url = f"http://{HOST}:{port}"
        self.state = state
        self.log = log
        config = odoo_config.write(odoo, server)
        self.command = odoo_config.command(
            "-d",
            database,
            f"--db-filter=^{database}$",
            f"--http-port={port}",
            f"--max-cron-threads={cron_threads}",
            *options,
            config=config,
        )
        self.environ = odoo_config.environment(odoo, server)
        self.process = None

    def start(self):
        with open(self.log, "w") as output:
            # A session of its own: Ctrl-C reaches us alone, and we tell Odoo once.
            self.process = subprocess.Popen(
                self.command,
                env=self.environ,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.state.write_text(
            json.dumps({"pid": self.process.pid, "parent": os.getpid(), "url": self.url})
        )

    def wait_until_ready(self):
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise self.trouble("Odoo stopped while starting.")
            status = answer(f"{self.url}/web/login")
            if status == 200:
                return
            if status >= 500:
                raise self.trouble(f"Odoo answers with an error ({status}).")
            time.sleep(0.3)
        raise self.trouble(f"Odoo did not answer within {START_TIMEOUT} s.")

    def trouble(self, sentence):
        return ToolchainError(f"{sentence} The end of {self.log}:\n{self.tail()}")

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def wait(self):
        return self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.state.unlink(missing_ok=True)


def answer(url):
    """The HTTP status of a page; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def running():
    """The Odoo that 'make run' started in this clone: its state, or None."""
    try:
        state = json.loads(paths.RUN_STATE.read_text())
        command = Path(f"/proc/{state['pid']}/cmdline").read_bytes()
    except (OSError, ValueError, KeyError):
        return None
    return state if str(paths.CONFIG).encode() in command else None


def stop_running():
    """Stop that Odoo from outside. True if there was one."""
    state = running()
    if not state:
        paths.RUN_STATE.unlink(missing_ok=True)
        return False
    os.kill(state["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    while running() and time.monotonic() < deadline:
        time.sleep(0.2)
    if running():
        os.kill(state["pid"], signal.SIGKILL)
    paths.RUN_STATE.unlink(missing_ok=True)
    return True
