"""Scenarios to measure: ours beside a reference, in queries and milliseconds.

A scenario is two functions, one run in a database with our addon, one in the reference's. Each gets
an ``env`` (the administrator's), prepares what it needs, and returns the call to be measured:

    @scenario("confirm/3 lines", reference="plain")
    def confirm(env):
        order = some_order(env)
        return order.action_confirm

    @confirm.reference
    def confirm_plainly(env):
        ...

Without a reference function the same one is used for both.
"""

import dataclasses
import json
import statistics
import time
from collections.abc import Callable

REPEATS = 9
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
    """Register a scenario; ``reference`` is 'plain' or a peer's name (see toolchain/peers.py)."""

    def register(function):
        if name in REGISTRY:
            raise ValueError(f"two scenarios are called {name!r}")
        REGISTRY[name] = Scenario(name, reference, function, function, repeats)
        return REGISTRY[name]

    return register


def measure(env, function, repeats):
    """(queries, milliseconds) of the prepared call: the median of some runs after one to warm up.

    Every run starts from cold record caches and is undone; pending writes are part of what is
    measured.
    """
    runs = []
    for _run in range(repeats + 1):
        with env.cr.savepoint(flush=False) as savepoint:
            call = function(env)
            env.flush_all()
            env.invalidate_all()
            queries, started = env.cr.sql_log_count, time.perf_counter()
            call()
            env.flush_all()
            runs.append((env.cr.sql_log_count - queries, (time.perf_counter() - started) * 1000))
            savepoint.rollback()
        env.invalidate_all()
    warm = runs[1:]
    return round(statistics.median(run[0] for run in warm)), round(
        statistics.median(run[1] for run in warm), 1
    )


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
