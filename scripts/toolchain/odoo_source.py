"""Which Odoo 19 is used: the one you point at, else Debian's package, else a shallow clone."""

import contextlib
import dataclasses
import fcntl
import os
import re
import shutil
from pathlib import Path

from . import commands, debian, paths
from .say import ToolchainError, note, step

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
HELP = (
    "You can point at an Odoo 19.0 of your own: make ODOO_PATH=/path/to/odoo ... "
    "(a git clone of the branch 19.0, or the folder that holds the Python package 'odoo')."
)


@dataclasses.dataclass(frozen=True)
class Odoo:
    """One Odoo 19: what goes on PYTHONPATH and on the addons path."""

    python_path: Path
    addons_paths: tuple
    version: str
    origin: str

    @property
    def revision(self):
        """What tells this Odoo from another of its series: templates are made for exactly one."""
        if (self.python_path / ".git").exists():
            with contextlib.suppress(
                ToolchainError, OSError
            ):  # no git, or a clone of somebody else's
                return commands.run(["git", "-C", self.python_path, "rev-parse", "HEAD"]).strip()
        release = self.python_path / "odoo" / "release.py"
        return f"{self.python_path} {self.version} {release.stat().st_mtime_ns}"


def locate(environ=os.environ, cache=None):
    """The Odoo to use, fetched first if need be."""
    own = environ.get("ODOO_PATH")
    if own:
        return inspect(Path(own).expanduser(), "ODOO_PATH")
    cache = cache or paths.cache_dir(environ)
    found = find_cached(cache)
    if found:
        return found
    cache.mkdir(parents=True, exist_ok=True)
    with lock(cache / "lock"):
        return find_cached(cache) or fetch(cache)


def find_cached(cache):
    tree = debian.find_unpacked(cache)
    if tree:
        return inspect(tree, "Debian package")
    clone = cache / "git" / SERIES
    return inspect(clone, "git clone") if (clone / "odoo/release.py").is_file() else None


def fetch(cache, repository=REPOSITORY):
    """Debian's package first, a clone second; when neither can be had, say what to do."""
    problems = []
    reason = debian.why_not()
    if reason is None:
        try:
            return inspect(debian.fetch(cache), "Debian package")
        except ToolchainError as error:
            reason = str(error)
    problems.append(f"Debian's package: {reason}")
    note(f"Debian's package cannot be had: {reason.splitlines()[0]}")
    try:
        return inspect(clone(cache, repository), "git clone")
    except ToolchainError as error:
        problems.append(f"git clone: {error}")
    raise ToolchainError(
        "Odoo 19 could not be found.\n  - " + "\n  - ".join(problems) + f"\n{HELP}"
    )


def clone(cache, repository=REPOSITORY):
    if not shutil.which("git"):
        raise ToolchainError("git is not installed")
    target = cache / "git" / SERIES
    work = target.with_name(f"{SERIES}.part")
    shutil.rmtree(work, ignore_errors=True)
    work.parent.mkdir(parents=True, exist_ok=True)
    with step(f"Cloning the branch {SERIES} of odoo/odoo (some hundred MB)"):
        commands.run(
            ["git", "clone", "--quiet", "--depth", "1", "--branch", SERIES, repository, work],
            failure="the public repository odoo/odoo could not be cloned",
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
    shutil.rmtree(target, ignore_errors=True)
    work.rename(target)
    return target


def inspect(path, origin):
    """Understand the layouts people have: a clone, a folder with the package, or the package
    itself.
    """
    if (path / "release.py").is_file() and not (path / "odoo" / "release.py").is_file():
        path = path.parent
    release = path / "odoo" / "release.py"
    if not release.is_file():
        raise ToolchainError(f"{path} holds no Odoo: there is no odoo/release.py in it.\n{HELP}")
    path = path.resolve()
    version = read_version(release)
    if not version.startswith(SERIES):
        raise ToolchainError(f"{path} is Odoo {version}; this addon needs Odoo {SERIES}.\n{HELP}")
    candidates = (path / "odoo" / "addons", path / "addons")
    addons = [folder for folder in candidates if is_addons_folder(folder)]
    # Debian's package has a second, incomplete 'addons' beside the complete one.
    if (candidates[0] / "web" / "__manifest__.py").is_file():
        addons = [candidates[0]]
    if not any((folder / "web" / "__manifest__.py").is_file() for folder in addons):
        raise ToolchainError(
            f"{path} has Odoo's server but not its addons (no 'web' found).\n{HELP}"
        )
    return Odoo(path, tuple(addons), version, origin)


def is_addons_folder(folder):
    return folder.is_dir() and any(folder.glob("*/__manifest__.py"))


def read_version(release):
    """``19.0`` and, where the file tells, the date of a nightly build."""
    text = release.read_text()
    match = re.search(
        r"^version_info\s*=\s*\(\s*['\"]?([^,'\"]+)['\"]?\s*,\s*(\d+)\s*,\s*(\d+)(.*)\)", text, re.M
    )
    if not match:
        raise ToolchainError(f"{release} does not tell Odoo's version.")
    extra = re.search(r"['\"](-?\d{8}[^'\"]*)['\"]", match[4])
    return f"{match[1]}.{match[2]}" + (extra[1] if extra else "")


@contextlib.contextmanager
def lock(file):
    """Two clones of this repository share the cache: only one of them fetches."""
    with open(file, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
