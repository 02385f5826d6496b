"""bootstrap.py: which Python will do, and when an environment is made anew."""

import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from toolchain import paths
from toolchain.say import ToolchainError


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 2), (3, 13, 9)])
def test_pythons_that_will_do(version):
    bootstrap.check_python(version)


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 14, 0)])
def test_pythons_that_will_not(version):
    with pytest.raises(ToolchainError, match=r"PYTHON="):
        bootstrap.check_python(version)


def test_the_fingerprint_follows_requirements_and_place(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("a==1\n")
    before = bootstrap.fingerprint([file], tmp_path)
    assert bootstrap.fingerprint([file], tmp_path) == before
    assert bootstrap.fingerprint([file], tmp_path / "moved") != before
    file.write_text("a==2\n")
    assert bootstrap.fingerprint([file], tmp_path) != before


def test_a_moved_environment_is_not_usable(tmp_path):
    """The scripts of a virtual environment name its folder: after a move they call nobody."""
    assert bootstrap.usable(paths.VENV)
    assert not bootstrap.usable(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "bin" / "pip").write_text("#!/elsewhere/bin/python\n")
    assert not bootstrap.usable(tmp_path)


def test_a_new_environment_keeps_the_data(tmp_path, monkeypatch):
    (tmp_path / "var" / "postgres").mkdir(parents=True)
    (tmp_path / "lib" / "old").mkdir(parents=True)
    monkeypatch.setattr(
        bootstrap.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0)
    )
    bootstrap.create(tmp_path)
    assert (tmp_path / "var" / "postgres").is_dir()
    assert not (tmp_path / "lib").exists()


def test_missing_ensurepip_names_the_package(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stdout="ensurepip is not available", stderr="")
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *args, **options: failed)
    with pytest.raises(ToolchainError, match=r"apt install python3\.\d+-venv"):
        bootstrap.create(tmp_path)


@pytest.mark.parametrize(
    "file", ["odoo.txt", "test.txt", "lint.txt", "constraints.txt", "peers.txt"]
)
def test_everything_is_pinned(file):
    for line in (paths.REQUIREMENTS / file).read_text().splitlines():
        requirement = line.partition("#")[0].partition(";")[0].strip()
        assert not requirement or "==" in requirement, f"{file}: {line}"


def test_stop_works_before_anything_was_made(tmp_path):
    """make stop and make help must not build an environment first."""
    copy = tmp_path / "scripts"
    copy.mkdir()
    (copy / "toolchain").symlink_to(paths.SCRIPTS / "toolchain")
    makefile = paths.ROOT / "Makefile"
    result = subprocess.run(["make", "-s", "-f", makefile, "help"], capture_output=True, text=True)
    targets = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("  make")]
    assert {"run", "stop", "test", "lint", "bench", "demo-flow", "wheel", "clean"} <= set(targets)
    assert not (Path(tmp_path) / ".venv").exists()
