"""The addon builds as a distribution that pip installs: offline, and with everything Odoo needs in
it.
"""

import shutil
import subprocess
import zipfile

import pytest

import build_wheel
from toolchain import addon, paths

INSIDE = f"odoo/addons/{paths.ADDON}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a commit of the working tree as it is: whool reads git's history."""
    root = tmp_path_factory.mktemp("wheel")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(paths.ADDON_DIR, root / paths.ADDON, ignore=ignore)
    git = ["git", "-C", root, "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    return build_wheel.build(root / paths.ADDON, root / "dist")


def test_name_and_version(wheel):
    manifest = addon.manifest()
    assert wheel.name.startswith(f"odoo_addon_{paths.ADDON}-{manifest['version']}")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = archive.read(name).decode()
    assert "Requires-Dist: odoo==19.0.*" in metadata
    assert "License: LGPL-3" in metadata


def test_every_file_of_the_manifest_is_inside(wheel):
    manifest = addon.manifest()
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = ["__manifest__.py", "__init__.py", *manifest["data"], *manifest.get("demo", [])]
    assert [name for name in wanted if f"{INSIDE}/{name}" not in names] == []


def test_views_static_files_and_translations_are_inside(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for pattern in ("views/**/*.xml", "static/**/*", "i18n/*.po", "security/*", "models/**/*.py"):
        for file in paths.ADDON_DIR.glob(pattern):
            if file.is_file() and "__pycache__" not in file.parts:
                assert f"{INSIDE}/{file.relative_to(paths.ADDON_DIR).as_posix()}" in names
