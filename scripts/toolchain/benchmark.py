"""Scenarios to measure: ours beside a reference, in queries and milliseconds.

A scenario is two functions, one run in a database with our addon, one in the reference's. Each
gets an ``env`` (the administrator's), prepares what it needs, and returns the operations to be
measured, one callable or a list of them: a person's clicks.

    @scenario("review.flow_1", reference="plain")
    def flow(env):
        order = new_order(env)
        return [order.action_request_review, ..., order.action_confirm]

    @flow.reference
    def confirm_plainly(env):
        ...

Without a reference function the same one is used for both. The same name may be registered
once for each reference.
"""

import dataclasses
import json
import statistics
import time
from collections.abc import Callable

REPEATS = 9
# Against our own addon in a second database: what the first function adds there is what counts
WITHOUT = "without"
REGISTRY = {}


@dataclasses.dataclass
class Scenario:
    name: str
    against: str
    ours: Callable
    theirs: Callable
    repeats: int = REPEATS

    def reference(self, function):
        self.theirs = function
        return function


def scenario(name, reference="plain", repeats=REPEATS):
    """Register a scenario; ``reference`` is 'plain', a peer's name (see toolchain/peers.py), or
    WITHOUT: then both functions run with our addon, each in a database of its own.
    """

    def register(function):
        key = (name, reference)
        if key in REGISTRY:
            raise ValueError(f"two scenarios are called {name!r} against {reference!r}")
        REGISTRY[key] = Scenario(name, reference, function, function, repeats)
        return REGISTRY[key]

    return register


def measure(sides, repeats):
    """(queries, milliseconds) of the prepared operations of each side: the median of some runs
    after a first one that warms up what Odoo keeps between requests.

    The sides take turns, so that what else the machine does falls on both of them. Every
    operation is a transaction of its own and starts with an empty record cache, as each request
    does; what it writes is flushed and committed as part of what is measured. The database is a
    copy that is thrown away.

    :param sides: pairs of an environment and a scenario's function
    """
    runs = [[measure_once(*side) for side in sides] for _run in range(repeats + 1)][1:]
    return [
        (
            round(statistics.median(queries for queries, _ms in of_side)),
            round(statistics.median(ms for _queries, ms in of_side), 1),
        )
        for of_side in zip(*runs, strict=True)
    ]


def measure_once(env, function):
    operations = function(env)
    env.cr.commit()
    total_queries, total_ms = 0, 0.0
    for operation in operations if isinstance(operations, list) else [operations]:
        env.invalidate_all()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        operation()
        env.cr.commit()
        total_queries += env.cr.sql_log_count - queries
        total_ms += (time.perf_counter() - started) * 1000
    return total_queries, total_ms


def result(scenario, ours, theirs):
    return {
        "name": scenario.name,
        "queries": ours[0],
        "ms": ours[1],
        "reference": scenario.against,
        "reference_queries": theirs[0],
        "reference_ms": theirs[1],
    }


HEADS = ("scenario", "queries", "ms", "reference", "queries", "ms", "more queries", "times as long")


def table(results):
    """The results as text, one row a scenario."""
    rows = [HEADS]
    for row in results:
        ratio = row["ms"] / row["reference_ms"] if row["reference_ms"] else 0
        more = row["queries"] - row["reference_queries"]
        rows.append(
            (
                row["name"],
                str(row["queries"]),
                f"{row['ms']:.1f}",
                row["reference"],
                str(row["reference_queries"]),
                f"{row['reference_ms']:.1f}",
                f"{more:+d}",
                f"{ratio:.2f}",
            )  # fmt: skip
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            pad(cell, width, column)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def pad(cell, width, column):
    return cell.ljust(width) if column in (0, 3) else cell.rjust(width)


def save(results, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=2) + "\n")
