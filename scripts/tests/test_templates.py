"""When a template database is stale, and when an installation counts as good."""

from pathlib import Path

import pytest

from toolchain import addon, demo, install_log, templates
from toolchain.odoo_source import Odoo
from toolchain.postgres import Server
from toolchain.say import ToolchainError


@pytest.fixture
def folder(tmp_path):
    files = {
        "__manifest__.py": '{"name": "x", "depends": ["sale", "base"]}',
        "models/order.py": "x = 1",
        "views/order.xml": "<odoo/>",
        "i18n/zh_CN.po": "",
        "i18n/x.pot": "",
        "static/src/x.js": "",
        "static/description/icon.png": "",
        "tests/test_x.py": "",
        "tests/review/common.py": "",
        "tests/data.xml": "<odoo/>",
        "README.rst": "",
        "readme/DESCRIPTION.md": "",
        "pyproject.toml": "",
        "models/__pycache__/order.cpython-311.pyc": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["__manifest__.py", "models/order.py", "views/order.xml", "i18n/zh_CN.po", "tests/data.xml"],
)
def test_a_change_that_needs_a_new_template(folder, name):
    before = addon.content_hash(folder)
    (folder / name).write_text("changed")
    assert addon.content_hash(folder) != before


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_x.py",
        "tests/review/common.py",
        "static/src/x.js",
        "i18n/x.pot",
        "README.rst",
        "readme/DESCRIPTION.md",
        "pyproject.toml",
        "models/__pycache__/order.cpython-311.pyc",
    ],
)
def test_a_change_that_is_read_live(folder, name):
    before = addon.content_hash(folder)
    (folder / name).write_text("changed")
    assert addon.content_hash(folder) == before


def test_a_new_a_removed_and_a_renamed_file_count(folder):
    hashes = {addon.content_hash(folder)}
    (folder / "models/new.py").write_text("x = 1")
    hashes.add(addon.content_hash(folder))
    (folder / "models/new.py").rename(folder / "models/newer.py")
    hashes.add(addon.content_hash(folder))
    (folder / "models/order.py").unlink()
    hashes.add(addon.content_hash(folder))
    assert len(hashes) == 4


def test_depends_do_not_depend_on_their_order(folder):
    assert addon.depends(folder) == ["base", "sale"]


def test_no_addon_is_explained(tmp_path):
    with pytest.raises(ToolchainError, match="__manifest__.py is missing"):
        addon.manifest(tmp_path)


@pytest.fixture
def odoo(tmp_path):
    release = tmp_path / "odoo" / "release.py"
    release.parent.mkdir()
    release.write_text("")
    return Odoo(tmp_path, (), "19.0", "test")


def test_names_of_templates_follow_what_they_are_made_from(odoo, monkeypatch):
    server = Server("embedded")
    monkeypatch.setattr(addon, "depends", lambda: ["sale"])
    monkeypatch.setattr(addon, "content_hash", lambda: "one")
    base, full = templates.base_name(server, odoo), templates.addon_name(server, odoo)
    assert base.startswith("opc_base_") and full.startswith("opc_addon_")
    monkeypatch.setattr(addon, "content_hash", lambda: "two")
    assert templates.base_name(server, odoo) == base
    assert templates.addon_name(server, odoo) != full
    monkeypatch.setattr(addon, "depends", lambda: ["sale", "hr"])
    assert templates.base_name(server, odoo) != base


def test_on_a_shared_server_clones_keep_apart(monkeypatch):
    server = Server("existing", host="x")
    mine = templates.prefix(server)
    monkeypatch.setattr(templates.paths, "ROOT", Path("/another/clone"))
    assert mine.startswith("opc_") and templates.prefix(server) != mine


LOG = """
2026-11-22 05:27:52,759 4315 INFO db odoo.modules.loading: loading order_process_control
2026-11-22 05:27:52,759 4315 ERROR db odoo.sql_db: bad query: b'CREATE EXTENSION pg_trgm'
ERROR: extension "pg_trgm" is not available
2026-11-22 05:28:03,673 4315 WARNING db py.warnings: /x/base/a.py:8: DeprecationWarning: y
  File "/x/order_process_control/models/z.py", line 1
"""
OURS = [
    "WARNING db odoo.modules.loading: The models ['order.x'] have no access rules in module x",
    "ERROR db odoo.sql_db: bad query: SELECT 1",
    "WARNING db py.warnings: /y/order_process_control/models/a.py:8: DeprecationWarning: old",
    "CRITICAL ? odoo.modules.module: Couldn't load module",
]


def test_what_plain_odoo_prints_is_no_complaint():
    assert install_log.complaints(LOG) == []


@pytest.mark.parametrize("line", OURS)
def test_what_our_addon_causes_is_a_complaint(line):
    log = f"{LOG}2026-11-22 05:29:00,000 4315 {line}\nand its traceback\n"
    (complaint,) = install_log.complaints(log)
    assert str(complaint).endswith("and its traceback")
    with pytest.raises(ToolchainError, match="Odoo complained while installing"):
        templates.refuse_complaints(log, "installing")


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([[], []], None),
        ([[("sale", "Traceback: boom")], []], "boom"),
        ([[], [("order_process_control",)]], "order_process_control"),
    ],
)
def test_missing_demo_data_is_found(monkeypatch, answers, complaint):
    replies = iter(answers)
    monkeypatch.setattr(templates.postgres, "execute", lambda *args, **options: next(replies))
    if complaint is None:
        templates.check_demo(None, "db")
        return
    with pytest.raises(ToolchainError, match=complaint):
        templates.check_demo(None, "db")


@pytest.fixture
def demo_calls(monkeypatch):
    """demo.ensure with everything it would do recorded instead."""
    calls = []
    state = {"exists": True, "remembered": "old"}
    monkeypatch.setattr(demo.addon, "content_hash", lambda: "new")
    monkeypatch.setattr(demo.databases, "exists", lambda server, name: state["exists"])
    monkeypatch.setattr(demo, "remembered", lambda server, name: state["remembered"])
    monkeypatch.setattr(demo, "remember", lambda server, name, content: calls.append("remember"))
    monkeypatch.setattr(demo.templates, "ensure_addon", lambda *args: "template")
    monkeypatch.setattr(demo.templates, "update", lambda *args: calls.append("update"))
    monkeypatch.setattr(demo.databases, "copy", lambda *args: calls.append("copy"))
    monkeypatch.setattr(demo.databases, "rename", lambda *args: calls.append("rename"))
    return calls, state


def test_the_demo_database_is_made_once(demo_calls):
    calls, state = demo_calls
    state["exists"] = False
    assert demo.ensure(Server("embedded"), None) == "opc_demo"
    assert calls == ["copy", "remember", "rename"]


def test_the_demo_database_is_updated_when_the_addon_changed(demo_calls):
    calls, _state = demo_calls
    demo.ensure(Server("embedded"), None)
    assert calls == ["update", "remember"]


def test_the_demo_database_is_left_alone_otherwise(demo_calls):
    calls, state = demo_calls
    state["remembered"] = "new"
    demo.ensure(Server("embedded"), None)
    assert calls == []
