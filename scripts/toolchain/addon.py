"""What the toolchain knows of the addon: its manifest, and which of its files a database depends
on.
"""

import ast
import hashlib

from . import paths
from .say import ToolchainError

SKIPPED_FOLDERS = {"__pycache__", "static", "readme", "tests"}
SKIPPED_SUFFIXES = {".pyc", ".pot", ".rst", ".md"}
SKIPPED_NAMES = {"pyproject.toml"}


def manifest(folder=paths.ADDON_DIR):
    file = folder / "__manifest__.py"
    if not file.is_file():
        raise ToolchainError(f"There is no addon: {file} is missing.")
    return ast.literal_eval(file.read_text(encoding="utf-8"))


def depends(folder=paths.ADDON_DIR):
    return sorted(manifest(folder).get("depends", []))


def matters(relative):
    """Does a database have to be updated when this file changes? Python code of tests, JS and texts
    are read live.
    """
    if relative.name in SKIPPED_NAMES or relative.suffix in SKIPPED_SUFFIXES:
        return False
    if SKIPPED_FOLDERS & set(relative.parts[:-1]):
        # Data files that tests load at installation are listed in the manifest; keep them in the
        # count.
        return relative.parts[0] == "tests" and relative.suffix in (".xml", ".csv")
    return True


def content_hash(folder=paths.ADDON_DIR):
    """One number for everything in the addon that an installed database was made from."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        if file.is_file() and matters(relative):
            digest.update(f"{relative.as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
