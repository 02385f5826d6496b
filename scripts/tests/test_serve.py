"""make run's small decisions: the port, the logins, whether an Odoo of ours is running."""

import contextlib
import json
import os
import socket

import pytest

import run
from toolchain import demo, paths, serve
from toolchain.say import ToolchainError


@contextlib.contextmanager
def busy_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_was_asked_for_is_never_replaced():
    with busy_port() as port, pytest.raises(ToolchainError, match=f"port {port} is in use"):
        serve.free_port(str(port))


def test_a_busy_default_gives_way_to_the_next(monkeypatch, capsys):
    with busy_port() as port:
        monkeypatch.setattr(serve, "FIRST_PORT", port)
        chosen = run.choose_port("")
    assert chosen > port
    assert f"Port {port} is in use" in capsys.readouterr().out


def test_a_state_file_of_a_dead_odoo_is_no_odoo(tmp_path, monkeypatch):
    state = tmp_path / "run.json"
    monkeypatch.setattr(paths, "RUN_STATE", state)
    assert serve.running() is None
    for text in ("", "{}", json.dumps({"pid": 2**22 + 1}), json.dumps({"pid": os.getpid()})):
        state.write_text(text)
        assert serve.running() is None, text
    assert not serve.stop_running()
    assert not state.exists()


def test_the_welcome_lists_every_login(monkeypatch):
    rows = [("anna", "Anna Sales", "Buyer", "Reviewer"), ("li", "Li Wei", None, None)]
    monkeypatch.setattr(demo.postgres, "execute", lambda *args, **options: rows)
    logins = demo.logins(None, "db")
    assert logins[0][:2] == ("admin", "admin")
    assert [row[3] for row in logins[1:]] == ["Buyer, Reviewer", "", "a customer in the portal"]

    class Process:
        url = "http://127.0.0.1:8069"
        log = paths.LOGS / "odoo.log"

    text = run.welcome(Process, logins)
    assert "http://127.0.0.1:8069/odoo" in text and "make stop" in text
    for login in ("admin", "anna", "li", "portal"):
        assert [line.split()[:2] for line in text.splitlines()].count([login, login]) == 1
