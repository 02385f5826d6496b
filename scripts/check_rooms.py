"""Checks the direction of dependencies between the addon's rooms, and that all tests are seen.

    python3 scripts/check_rooms.py [ADDON FOLDER]

One line a finding, file:line: what. Runs on the standard library alone.
"""

import sys
from pathlib import Path

from rooms import python_code, tests_seen, xml_code
from rooms.rules import Rules


def check(addon):
    """All problems of an addon folder, sorted by place."""
    rules = Rules(addon)
    found = python_code.collect(rules)
    return sorted(
        {
            *rules.unknown_rooms(),
            *python_code.double_definitions(rules, found),
            *python_code.problems(rules, found),
            *xml_code.problems(rules, found),
            *tests_seen.problems(addon),
        }
    )


def main():
    here = Path(__file__).resolve().parent.parent
    addon = Path(sys.argv[1]).resolve() if sys.argv[1:] else here / "order_process_control"
    found = check(addon)
    for problem in found:
        print(f"{Path(problem.file).relative_to(addon.parent)}:{problem.line}: {problem.text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
