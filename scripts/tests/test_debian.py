"""Fetching Debian's package: the mirror, the proof that it is Debian's, and what is mended."""

import hashlib

import pytest

from toolchain import commands, debian
from toolchain.say import ToolchainError


def test_the_mirror_is_the_one_of_the_machine():
    lines = (
        "Debian|Debian-Security|http://security.example/debian-security/\n"
        "Docker|Docker CE|http://docker.example/\n"
        "Debian|Debian|http://mirror.example/debian/\n"
    )
    assert debian.pick_mirror(lines) == "http://mirror.example/debian/"
    assert debian.pick_mirror("Ubuntu|Ubuntu|http://ubuntu.example/\n") is None


@pytest.mark.parametrize(
    "output",
    [
        "W: GPG error: http://x sid InRelease: NO_PUBKEY 0E98404D386FA1D9",
        "E: The repository 'http://x sid Release' is not signed.",
        "WARNING: The following packages cannot be authenticated!",
    ],
)
def test_what_apt_could_not_authenticate_is_refused(output):
    with pytest.raises(ToolchainError, match="authenticate"):
        debian.refuse_unauthenticated(output)


def test_an_honest_update_is_accepted():
    debian.refuse_unauthenticated("Get:1 http://x sid InRelease [192 kB]\nReading package lists...")


class FakeApt(debian.Apt):
    """apt-get download leaves a file; the index lists the digest of the genuine one."""

    def __init__(self, work, delivered, version="19.0.0+dfsg-2"):
        super().__init__(work)
        self.older, self.delivered, self.version = "bookworm", delivered, version

    def record(self, package, suite):
        digest = hashlib.sha256(f"genuine {package}".encode()).hexdigest()
        return {"Version": self.version, "SHA256": digest}


@pytest.fixture
def download(tmp_path, monkeypatch):
    def run(delivered="genuine", version="19.0.0+dfsg-2"):
        apt = FakeApt(tmp_path, delivered, version)

        def pretend(argv, cwd=None, **options):
            for name in (word.split("=")[0] for word in argv if word.endswith(f"={version}")):
                (cwd / f"{name}.deb").write_text(f"{delivered} {name}")
            return ""

        monkeypatch.setattr(commands, "run", pretend)
        return apt.download()

    return run


def test_any_revision_of_19_is_taken(download):
    version, files = download()
    assert version == "19.0.0+dfsg-2"
    assert len(files) == 1 + len(debian.LINKED_PACKAGES) + len(debian.OLDER_PACKAGES)


def test_another_series_is_refused(download):
    with pytest.raises(ToolchainError, match=r"20\.0\.0-1, not 19\.0"):
        download(version="20.0.0-1")


def test_a_file_with_another_digest_is_refused(download):
    with pytest.raises(ToolchainError, match="not what Debian's signed index lists"):
        download(delivered="tampered")


def test_the_missing_asset_is_put_in_place(tmp_path, capsys):
    asset = debian.python_folder(tmp_path) / "odoo/addons" / debian.MISSING_ASSET
    (tmp_path / "link").symlink_to("nowhere")
    debian.finish_tree(tmp_path)
    assert asset.read_text().startswith("/*")
    assert "link" in capsys.readouterr().out
    assert (tmp_path / "complete").exists()


def test_an_asset_that_is_there_stays(tmp_path):
    asset = debian.python_folder(tmp_path) / "odoo/addons" / debian.MISSING_ASSET
    asset.parent.mkdir(parents=True)
    asset.write_text("real")
    debian.finish_tree(tmp_path)
    assert asset.read_text() == "real"


def test_a_machine_without_apt_is_told(monkeypatch):
    monkeypatch.setattr(debian.shutil, "which", lambda name: None)
    assert "apt-get" in debian.why_not()
