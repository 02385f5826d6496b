"""make test: which tests a T means, how many processes, and what the last line says."""

import os
import subprocess
import sys

import pytest

import run_tests
from toolchain import paths, pytest_plugin
from toolchain.say import ToolchainError


@pytest.fixture
def root(tmp_path):
    for name in ("order_process_control/tests/review/test_gate.py", "scripts/tests/test_rooms.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")
    return tmp_path


GATE = "order_process_control/tests/review/test_gate.py"
ROOMS = "scripts/tests/test_rooms.py"
ALL = (["order_process_control/tests"], ["scripts/tests"])


@pytest.mark.parametrize(
    ("argument", "addon", "scripts", "keyword"),
    [
        ("", *ALL, ""),
        (GATE, [GATE], None, ""),
        (f"./{GATE}", [GATE], None, ""),
        (f"{GATE}::TestGate::test_one", [f"{GATE}::TestGate::test_one"], None, ""),
        ("order_process_control/tests/review", ["order_process_control/tests/review"], None, ""),
        ("scripts/tests", None, ["scripts/tests"], ""),
        (f"{GATE} {ROOMS}", [GATE], [ROOMS], ""),
        ("gate", *ALL, "gate"),
        ("gate and not slow", *ALL, "gate and not slow"),
        ("(gate or round) and order_process_control", *ALL, None),
    ],
)
def test_selection(root, argument, addon, scripts, keyword):
    selection = run_tests.select(argument, root)
    assert (selection.addon, selection.scripts) == (addon, scripts)
    assert selection.keyword == (argument if keyword is None else keyword)


@pytest.mark.parametrize("argument", ["order_process_control/tests/test_gone.py", "test_gone.py"])
def test_a_path_that_does_not_exist_is_no_expression(root, argument):
    with pytest.raises(ToolchainError, match="test_gone.py to test"):
        run_tests.select(argument, root)


def test_number_of_processes(root, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", root)
    everything = run_tests.select("", root)
    for number in range(9):
        (root / f"order_process_control/tests/review/test_{number}.py").write_text("")
    assert run_tests.workers(everything, {}, cores=2) == 2
    assert run_tests.workers(everything, {}, cores=64) == 4
    assert run_tests.workers(everything, {"J": "1"}, cores=2) == 1
    assert run_tests.workers(run_tests.select(GATE, root), {}, cores=2) == 1


def test_each_process_has_a_database_of_its_own():
    server = run_tests.postgres.Server("embedded")
    assert run_tests.run_databases(server, 1) == ["opc_test"]
    assert run_tests.run_databases(server, 2) == ["opc_test_gw0", "opc_test_gw1"]


def test_tours_run_apart_when_there_are_several_processes():
    (single,) = run_tests.parts(["opc_test"], {"A": "b"})
    part = {pytest_plugin.DATABASE: "opc_test", pytest_plugin.PART: "plain"}
    assert single == ("addon", [], {"A": "b"} | part)
    many, browser = run_tests.parts(["opc_test_gw0", "opc_test_gw1"], {})
    assert many[1] == ["-n", "2", "--dist", "loadfile"]
    assert many[2] == {pytest_plugin.DATABASE: "opc_test", pytest_plugin.PART: "quiet"}
    assert browser[1] == []
    assert browser[2] == {pytest_plugin.DATABASE: "opc_test_gw0", pytest_plugin.PART: "browser"}


def test_what_needs_more_apps_runs_apart(root):
    folder = root / run_tests.ADDON_TESTS / pytest_plugin.MORE_APPS_FOLDER
    folder.mkdir()
    (folder / "test_expense.py").touch()
    everything = run_tests.select("", root)
    assert {f.name for f in run_tests.selected_files(everything, True, root)} == {"test_expense.py"}
    assert folder / "test_expense.py" not in run_tests.selected_files(everything, False, root)
    assert not run_tests.selected_files(run_tests.select(GATE, root), True, root)
    ((_title, options, environ),) = run_tests.more_parts(["opc_test"], {})
    assert not options and environ[pytest_plugin.PART] == "more_apps"


def test_without_a_browser_the_package_is_named(monkeypatch):
    monkeypatch.setattr(run_tests.shutil, "which", lambda name: None)
    with pytest.raises(ToolchainError, match="apt install chromium"):
        run_tests.find_browser()
    monkeypatch.setattr(run_tests.shutil, "which", lambda name: name == "chromium" or None)
    assert run_tests.find_browser() == "chromium"


@pytest.mark.parametrize(
    ("results", "code", "last"),
    [
        ([{"passed": 3}, {"passed": 4}], 0, "7 passed, 0 failed"),
        ([{"passed": 3, "failed": 1}, {"errors": 2}], 1, "3 passed, 3 failed"),
        ([{"passed": 3}, {"skipped": 1}], 1, "3 passed, 1 failed"),
        ([{}], 1, "0 passed, 0 failed"),
        ([{"passed": 1}, {}], 0, "1 passed, 0 failed"),
    ],
)
def test_the_last_line_and_the_exit_code(capsys, results, code, last):
    assert run_tests.conclude(results) == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def run_suite(tmp_path, text, *options, **environ):
    """A real pytest process with our plugin on a made-up test file."""
    (tmp_path / "test_made_up.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import json, os, pytest;"
        "from toolchain import pytest_plugin;"
        "os.environ[pytest_plugin.RESULTS] = 'results.json';"
        "code = pytest.main(sys.argv[1:]);"
        "print(open('results.json').read()); sys.exit(code)"
    )
    argv = [sys.executable, "-c", code, str(paths.SCRIPTS), "-p", "toolchain.pytest_plugin"]
    argv += ["-p", "no:odoo", "-p", "no:cacheprovider", *options]
    environ = os.environ | environ
    result = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, env=environ)
    return result.returncode, result.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_skip_makes_a_run_fail(tmp_path, options):
    text = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no browser')\n"
    code, output = run_suite(tmp_path, text, *options)
    assert code == 1
    assert "counts as a failure" in output and "no browser" in output
    assert '"passed": 1, "failed": 0, "errors": 0, "skipped": 1' in output


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_good_run_stays_good(tmp_path, options):
    code, output = run_suite(tmp_path, "def test_a(): pass\ndef test_b(): pass\n", *options)
    assert code == 0
    assert '"passed": 2, "failed": 0' in output


@pytest.mark.parametrize(
    ("part", "name"),
    [("browser", "test_tour"), ("quiet", "test_plain"), ("more_apps", "test_expense")],
)
@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_each_part_has_its_files(tmp_path, part, name, options):
    (tmp_path / "test_tour.py").write_text("def test_tour():\n    'x.start_tour('\n")
    (tmp_path / "more_apps").mkdir()
    (tmp_path / "more_apps/test_expense.py").write_text("def test_expense(): pass\n")
    text = "def test_plain(): pass\n"
    code, output = run_suite(tmp_path, text, "-v", *options, **{pytest_plugin.PART: part})
    assert code == 0
    assert '"passed": 1,' in output and f"::{name}" in output


def test_a_broken_file_is_an_error(tmp_path):
    code, output = run_suite(tmp_path, "import nothing_of_that_name\n")
    assert code != 0
    assert '"errors": 1' in output


def test_names_of_run_databases():
    assert pytest_plugin.database_name("opc_test", None) == "opc_test"
    assert pytest_plugin.database_name("opc_test", "gw1") == "opc_test_gw1"


def test_a_run_that_breaks_off_counts_as_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "TMP", tmp_path)
    monkeypatch.setattr(paths, "PYTHON", "false")
    assert run_tests.pytest([], {}, "x") == {"errors": 1}
