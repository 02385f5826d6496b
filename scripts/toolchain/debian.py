"""Odoo 19 from Debian's own package, unpacked in the user's cache: no root, nothing installed.

apt reads the machine's own mirror, checks the suite's signed index with Debian's keyring and
downloads; we check the SHA-256 once more and unpack with dpkg. The machine's package lists and
state are not touched.
"""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from . import commands
from .say import ToolchainError, note, step

SUITE = "sid"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PACKAGE = "odoo-19"
SERIES = "19.0"
# The Odoo package has relative links into these (libraries and fonts); without them pages answer
# 500.
LINKED_PACKAGES = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-montserrat",
)
# Odoo wants the files of Font Awesome 4 and the old Inconsolata; newer suites have moved on.
OLDER_SUITE = "bookworm"
OLDER_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
# Left out of Debian's package, yet listed in web.assets_backend: every backend page logs an error
# without it.
MISSING_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
MISSING_ASSET_STUB = (
    "/* Empty on purpose: Debian's package leaves this file out (background blur in calls). */\n"
)


def find_unpacked(cache):
    """The newest complete tree in the cache, or None."""
    trees = sorted((cache / "debian").glob(f"{SERIES}*"))
    trees = [tree for tree in trees if (tree / "complete").is_file()]
    return python_folder(trees[-1]) if trees else None


def python_folder(tree):
    return tree / "usr/lib/python3/dist-packages"


def why_not():
    """Why this machine cannot take the Debian package, or None if it can try."""
    for tool in ("apt-get", "apt-cache", "dpkg-deb"):
        if not shutil.which(tool):
            return f"there is no {tool} on this machine"
    if not os.path.exists(KEYRING):
        return f"Debian's keyring {KEYRING} is missing (package debian-archive-keyring)"
    return None


def fetch(cache):
    """Download, verify and unpack; return the folder that holds the package ``odoo``."""
    target = cache / "debian"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=target) as work:
        apt = Apt(Path(work))
        with step("Reading Debian's signed package index"):
            apt.update()
        with step(f"Downloading Debian's {PACKAGE} and what it links to (about 130 MB)"):
            version, files = apt.download()
        tree = Path(work) / "tree"
        with step(f"Unpacking Odoo {version}"):
            for file in files:
                commands.run(
                    ["dpkg-deb", "-x", file, tree], failure=f"{file.name} could not be unpacked."
                )
            finish_tree(tree)
        final = target / re.sub(r"[^0-9A-Za-z.+~-]", "_", version)
        shutil.rmtree(final, ignore_errors=True)
        tree.rename(final)
    return python_folder(final)


def finish_tree(tree):
    """Mend what the package leaves out, and mark the tree as whole."""
    addons = python_folder(tree) / "odoo/addons"
    asset = addons / MISSING_ASSET
    if not asset.exists():
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.write_text(MISSING_ASSET_STUB)
    broken = broken_links(tree)
    if broken:
        note(
            f"{len(broken)} links of the package lead nowhere, first {broken[0].relative_to(tree)}"
        )
    (tree / "complete").write_text("")


def broken_links(tree):
    return [path for path in tree.rglob("*") if path.is_symlink() and not path.exists()]


class Apt:
    """apt with lists, cache and state of its own, so that an ordinary user may use it."""

    def __init__(self, work):
        self.work = work
        for folder in ("lists/partial", "machine-lists/partial", "cache/archives/partial", "debs"):
            (work / folder).mkdir(parents=True)
        self.options = self._options("lists") + [
            "-o", f"Dir::Etc::SourceList={work / 'sources.list'}",
            "-o", "Dir::Etc::SourceParts=/dev/null",
        ]  # fmt: skip

    def _options(self, lists):
        settings = {
            "Dir::State::Lists": self.work / lists,
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self.work / "cache",
            "Debug::NoLocking": "1",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::AllowInsecureRepositories": "false",
            "Acquire::AllowDowngradeToInsecureRepositories": "false",
            "APT::Get::AllowUnauthenticated": "false",
            "APT::Update::Error-Mode": "any",
        }
        return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]

    def mirror(self):
        """The Debian mirror this machine uses, whatever it is."""
        for attempt in (self._known_targets, self._fresh_targets):
            site = pick_mirror(attempt())
            if site:
                return site
        raise ToolchainError("apt on this machine knows no Debian mirror.")

    def _target_lines(self, options=()):
        return commands.run(
            [
                "apt-get",
                "indextargets",
                *options,
                "--format",
                "$(ORIGIN)|$(LABEL)|$(REPO_URI)",
                "Created-By: Packages",
            ],
            failure="apt could not say which mirror this machine uses.",
        )

    def _known_targets(self):
        return self._target_lines()

    def _fresh_targets(self):
        """A machine whose lists were never read tells nothing: read them into a folder of ours."""
        options = self._options("machine-lists")
        commands.run(
            ["apt-get", "update", *options],
            failure="apt could not read this machine's package lists.",
        )
        return self._target_lines(options)

    def update(self):
        """Read the index of the suite with Odoo, and of the older one for its fonts where the
        mirror has it.
        """
        mirror = self.mirror()
        try:
            self._update(mirror, (SUITE, OLDER_SUITE))
            self.older = OLDER_SUITE
        except ToolchainError:
            self._update(mirror, (SUITE,))
            self.older = SUITE

    def _update(self, mirror, suites):
        lines = [f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites]
        (self.work / "sources.list").write_text("".join(lines))
        output = commands.run(
            ["apt-get", "update", *self.options],
            failure=f"apt could not read or authenticate Debian's index of {' and '.join(suites)}.",
        )
        refuse_unauthenticated(output)

    def download(self):
        """Fetch Odoo and what it links to; return Odoo's version and the verified files."""
        suites = dict.fromkeys((PACKAGE, *LINKED_PACKAGES), SUITE) | dict.fromkeys(
            OLDER_PACKAGES, self.older
        )
        wanted = {name: self.record(name, suite) for name, suite in suites.items()}
        version = wanted[PACKAGE]["Version"]
        if not version.startswith(SERIES):
            raise ToolchainError(f"Debian's {PACKAGE} is {version}, not {SERIES}.")
        output = commands.run(
            [
                "apt-get",
                "download",
                *self.options,
                *(f"{name}={record['Version']}" for name, record in wanted.items()),
            ],
            cwd=self.work / "debs",
            failure="The download from the Debian mirror failed.",
        )
        refuse_unauthenticated(output)
        by_hash = {sha256(file): file for file in (self.work / "debs").glob("*.deb")}
        missing = [name for name, record in wanted.items() if record["SHA256"] not in by_hash]
        if missing:
            raise ToolchainError(
                f"What came for {', '.join(missing)} is not what Debian's signed index lists."
            )
        return version, [by_hash[record["SHA256"]] for record in wanted.values()]

    def record(self, package, suite):
        output = commands.run(
            ["apt-cache", *self.options, "show", "--no-all-versions", f"{package}/{suite}"],
            failure=f"Debian's {suite} has no package {package} any more.",
        )
        return dict(re.findall(r"^(Version|SHA256|Size): (\S+)$", output, re.MULTILINE))


def pick_mirror(target_lines):
    """The address of the main Debian archive among lines of 'origin|label|address'."""
    for line in target_lines.splitlines():
        origin, _sep, rest = line.partition("|")
        label, _sep, uri = rest.partition("|")
        if origin == "Debian" and label == "Debian" and uri:
            return uri
    return None


def refuse_unauthenticated(output):
    """apt's exit code is not enough: some versions only warn about what they could not verify."""
    signs = re.search(
        r"cannot be authenticated|is not signed|NO_PUBKEY|unauthenticated|BADSIG|EXPKEYSIG", output
    )
    if signs:
        raise ToolchainError(f"apt could not authenticate what it read:\n{output}")


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
