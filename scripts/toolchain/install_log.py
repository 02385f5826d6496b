"""Reading Odoo's log of an installation: a warning about our addon is a mistake, and so is missing
demo data.
"""

import dataclasses
import re

from . import paths

HEAD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
    r"(?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>[\w.]+): (?P<text>.*)$"
)
SERIOUS = ("WARNING", "ERROR", "CRITICAL")
# What plain Odoo itself says on a healthy installation: (logger, pattern of the text).
HARMLESS = (
    # The embedded PostgreSQL has no pg_trgm and no unaccent; Odoo does without.
    ("odoo.sql_db", r"bad query: .*CREATE EXTENSION"),
    ("odoo.service.db", r"Unable to create PostgreSQL extensions"),
    # Somebody else's git checkout or a Debian package: not ours to mend.
    ("odoo.modules.registry", r"Missing (not-null|index)"),
)


@dataclasses.dataclass
class Entry:
    level: str
    logger: str
    text: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"


def entries(log):
    """The log's entries, each with the lines that follow it (tracebacks)."""
    found = []
    for line in log.splitlines():
        head = HEAD.match(line)
        if head:
            found.append(Entry(head["level"], head["logger"], head["text"]))
        elif found:
            found[-1].text += f"\n{line}"
    return found


def complaints(log, addon=paths.ADDON):
    """What in this log has to be mended before the installation counts as good."""
    return [
        entry for entry in entries(log) if entry.level in SERIOUS and not harmless(entry, addon)
    ]


def harmless(entry, addon):
    if entry.logger == "py.warnings":
        # Odoo prints a warning's place first, the stack after it: the place decides whose it is.
        return f"/{addon}/" not in entry.text.split("\n", 1)[0]
    return any(
        entry.logger == logger and re.search(pattern, entry.text) for logger, pattern in HARMLESS
    )
