"""Which Odoo is taken, and what is said when none can be had."""

import subprocess

import pytest

from toolchain import debian, odoo_source
from toolchain.say import ToolchainError

RELEASE = "version_info = (19, 0, 0, FINAL, 0, '')\n"


def make_odoo(root, release=RELEASE, addons=("odoo/addons/base", "odoo/addons/web")):
    (root / "odoo").mkdir(parents=True)
    (root / "odoo" / "release.py").write_text(release)
    for name in addons:
        (root / name).mkdir(parents=True)
        (root / name / "__manifest__.py").write_text("{}")
    return root


def make_unpacked(cache, version="19.0.0+dfsg-1"):
    tree = cache / "debian" / version
    make_odoo(debian.python_folder(tree))
    (tree / "complete").write_text("")
    return tree


@pytest.fixture
def no_sources(monkeypatch):
    """A machine that can neither use apt nor clone."""

    def refuse(cache, repository=None):
        raise ToolchainError("no network")

    monkeypatch.setattr(debian, "why_not", lambda: "there is no apt-get on this machine")
    monkeypatch.setattr(odoo_source, "clone", refuse)


def test_odoo_path_wins_over_the_cache(tmp_path):
    make_unpacked(tmp_path / "cache")
    own = make_odoo(tmp_path / "own")
    odoo = odoo_source.locate({"ODOO_PATH": str(own)}, tmp_path / "cache")
    assert (odoo.python_path, odoo.origin) == (own, "ODOO_PATH")


def test_the_cache_is_used_without_asking_anybody(tmp_path, no_sources):
    tree = make_unpacked(tmp_path)
    odoo = odoo_source.locate({}, tmp_path)
    assert odoo.python_path == debian.python_folder(tree)
    assert odoo.origin == "Debian package"


def test_a_half_unpacked_tree_does_not_count(tmp_path):
    (make_unpacked(tmp_path) / "complete").unlink()
    assert odoo_source.find_cached(tmp_path) is None


def test_layout_of_a_clone(tmp_path):
    """The server has base alone, all else is in addons/."""
    root = make_odoo(tmp_path / "odoo19", addons=("odoo/addons/base", "addons/web"))
    odoo = odoo_source.inspect(root, "x")
    assert odoo.addons_paths == (root / "odoo/addons", root / "addons")


def test_layout_of_dist_packages(tmp_path):
    """Debian's package has a second, incomplete addons folder: it must not come before the real
    one.
    """
    root = make_odoo(tmp_path, addons=("odoo/addons/base", "odoo/addons/web", "addons/web"))
    assert odoo_source.inspect(root, "x").addons_paths == (root / "odoo/addons",)


def test_the_package_itself_may_be_named(tmp_path):
    root = make_odoo(tmp_path)
    assert odoo_source.inspect(root / "odoo", "x").python_path == root


@pytest.mark.parametrize(
    ("release", "version"),
    [
        (RELEASE, "19.0"),
        ("version_info = (19, 0, 0, 'final', 0, '-20260301')", "19.0-20260301"),
        ("version_info = ('saas~19', 2, 0, FINAL, 0, '')", "saas~19.2"),
    ],
)
def test_versions(tmp_path, release, version):
    (tmp_path / "release.py").write_text(release)
    assert odoo_source.read_version(tmp_path / "release.py") == version


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda root: root.mkdir(), "there is no odoo/release.py"),
        (lambda root: make_odoo(root, "version_info = (18, 0, 0, FINAL, 0, '')"), "is Odoo 18.0"),
        (lambda root: make_odoo(root, addons=("odoo/addons/base",)), "not its addons"),
    ],
)
def test_a_wrong_odoo_path_is_explained(tmp_path, prepare, sentence):
    prepare(tmp_path / "x")
    with pytest.raises(ToolchainError, match=sentence) as caught:
        odoo_source.inspect(tmp_path / "x", "ODOO_PATH")
    assert "ODOO_PATH=" in str(caught.value)


def test_nothing_can_be_had(tmp_path, no_sources):
    with pytest.raises(ToolchainError) as caught:
        odoo_source.locate({}, tmp_path)
    message = str(caught.value)
    assert "no apt-get" in message and "no network" in message and "ODOO_PATH=" in message


def test_a_clone_is_the_second_choice(tmp_path, monkeypatch):
    """Debian's package fails: the branch 19.0 is cloned, without history."""
    monkeypatch.setattr(debian, "why_not", lambda: "not Debian")
    upstream = make_odoo(tmp_path / "upstream")
    git = ["git", "-C", upstream, "-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run([*git, "init", "-q", "-b", "19.0"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    odoo = odoo_source.fetch(tmp_path / "cache", upstream.as_uri())
    assert odoo.origin == "git clone"
    assert odoo_source.find_cached(tmp_path / "cache") == odoo
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True)
    assert odoo.revision == head.stdout.strip()


def test_revision_tells_two_odoos_apart(tmp_path):
    one = odoo_source.inspect(make_odoo(tmp_path / "a"), "x")
    two = odoo_source.inspect(make_odoo(tmp_path / "b"), "x")
    assert one.revision != two.revision
