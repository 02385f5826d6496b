"""Which rooms there are, what each may use, and which room a file belongs to."""

import dataclasses
from pathlib import Path

# Directly allowed; what these may use is allowed too (change may use review, hence deadline and
# order).
MAY_USE = {
    "order": (),
    "deadline": ("order",),
    "review": ("order", "deadline"),
    "facts": ("review",),
    "change": ("review",),
    "setup": ("facts", "change"),
    "urgency": ("review",),
    "after_sales": ("review",),
    "fulfilment": ("after_sales",),
    "quality": ("after_sales",),
}
# Folders of the addon whose sub-folders mirror the rooms.
MIRRORS = (
    "models",
    "views",
    "tests",
    "wizard",
    "report",
    "controllers",
    "data",
    "demo",
    "security",
)


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    file: Path
    line: int
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"


def closure(may_use):
    """Every room with all that it may use, itself included."""

    def reach(room):
        return {room}.union(*(reach(other) for other in may_use[room]))

    return {room: reach(room) for room in may_use}


def room_of(parts, rooms=MAY_USE):
    """The room of a path inside the addon, given as its parts; None outside the rooms."""
    if len(parts) >= 2 and parts[0] in MIRRORS and parts[1] in rooms:
        return parts[1]
    return None


class Rules:
    """The rules of one addon folder, with the sentence for a breach."""

    def __init__(self, addon, may_use=MAY_USE):
        self.addon = addon
        self.may_use = may_use
        self.allowed = closure(may_use)

    def room(self, file):
        return room_of(file.relative_to(self.addon).parts, self.may_use)

    def files(self, pattern):
        """(room, file) of every file in a room."""
        for file in sorted(self.addon.rglob(pattern)):
            room = self.room(file)
            if room and file.is_file() and "__pycache__" not in file.parts:
                yield room, file

    def permits(self, room, other):
        return other is None or other in self.allowed[room]

    def breach(self, file, line, room, other, what):
        return Problem(file, line, f"room '{room}' must not use room '{other}': {what}")

    def unknown_rooms(self):
        """A new folder in models/ is a decision about its direction: it has to be written down
        first.
        """
        models = self.addon / "models"
        for folder in sorted(models.iterdir()) if models.is_dir() else ():
            known = folder.name in self.may_use or folder.name.startswith(("_", "."))
            if folder.is_dir() and not known:
                text = f"'{folder.name}' is not a known room: add it to scripts/rooms/rules.py"
                yield Problem(folder / "__init__.py", 1, text)
