"""Checks what the documentation links to and shows: files of the repository exist, headings too.

    python3 scripts/check_links.py [FOLDER]

One line a finding, file:line: what. Addresses of the web are not opened. The page of the app may
show nothing from elsewhere and may hold no script: the app store would take both out.
Runs on the standard library alone.
"""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

PICTURES = "docs/images"
APP_PAGE = "static/description/index.html"
RST = (
    re.compile(r"^ *\.\. (?:image|figure|include|literalinclude):: (?P<target>\S+)", re.MULTILINE),
    re.compile(r"^ *:target: (?P<target>\S+)", re.MULTILINE),
    re.compile(r"^ *\.\. _[^:\n]+: (?P<target>\S+)", re.MULTILINE),
    # The words of a link may go on in the next line
    re.compile(r"`[^`<]*<(?P<target>[^`<>]+)>`_"),
)
HTML = (re.compile(r"""\b(?:src|href)\s*=\s*["'](?P<target>[^"']*)["']"""),)
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
FOREIGN = re.compile(
    r"""<script\b|<link\b|<iframe\b|\bsrc\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)
# Over and under: the line below a heading is at least as long as it.
UNDERLINE = re.compile(r"^([=\-~^\"'#*+.])\1+\s*$")


def check(root):
    """All findings below a folder, sorted by place: (file, line, what)."""
    files = sorted(documents(root))
    found = [finding for file in files for finding in problems(root, file)]
    return sorted([*found, *unshown(root, files)])


def documents(root):
    """The documentation that belongs to the repository."""
    for name in names(root):
        file = root / name
        if file.is_file() and (file.suffix == ".rst" or name.endswith(APP_PAGE)):
            yield file


def names(root):
    """What git knows or would add; without git, as in an archive, all but hidden folders."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.rst", "*.html"]
    result = subprocess.run(argv, cwd=root, capture_output=True, text=True)
    if result.returncode == 0:
        return result.stdout.splitlines()
    found = (file.relative_to(root) for file in root.rglob("*"))
    return [file.as_posix() for file in found if not file.as_posix().startswith(".")]


def problems(root, file):
    text = file.read_text()
    for pattern in RST if file.suffix == ".rst" else HTML:
        for match in pattern.finditer(text):
            trouble = judge(root, file, match["target"])
            if trouble:
                yield file, line_of(text, match.start("target")), trouble
    if file.suffix == ".html":
        for match in FOREIGN.finditer(text):
            what = "the page of the app shows only what is in its folder"
            yield file, line_of(text, match.start()), what


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def judge(root, file, target):
    """What is wrong with a target; nothing for one that is there, or on the web."""
    path, fragment = urldefrag(unquote(target))
    if ELSEWHERE.match(target):
        return None
    wanted = (file.parent / path).resolve() if path else file
    if root not in (wanted, *wanted.parents):
        return f"{target} is outside the repository"
    if not wanted.exists():
        return f"there is no {target}"
    if fragment and wanted.suffix == ".rst" and fragment not in anchors(wanted):
        return f"{path or file.name} has no heading #{fragment}"
    return None


def anchors(file):
    """The names that headings of a page get: small letters, hyphens between words."""
    lines = file.read_text().splitlines()
    return {
        re.sub(r"[^a-z0-9]+", "-", heading.strip().lower()).strip("-")
        for heading, line in zip(lines, lines[1:], strict=False)
        if UNDERLINE.match(line) and heading.strip() and not UNDERLINE.match(heading)
    }


def unshown(root, files):
    """Pictures that no page shows: they would be taken anew for nobody."""
    text = "\n".join(file.read_text() for file in files)
    for picture in sorted((root / PICTURES).glob("*.png")):
        if f"images/{picture.name}" not in text:
            yield picture, 1, "no page shows this picture"


def main():
    here = Path(__file__).resolve().parent.parent
    root = Path(sys.argv[1]).resolve() if sys.argv[1:] else here
    found = check(root)
    for file, number, what in found:
        print(f"{file.relative_to(root)}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
