"""Scenarios to measure: ours beside a reference, in queries and milliseconds.

A scenario is two functions, one run in a database with our addon, one in the reference's. Each
gets an ``env`` (the administrator's), prepares what it needs, and returns the operations to be
measured, one callable or a list of them: a person's clicks, counted as calls.

    @scenario("review.flow_1", reference="plain", asked={"more": 60})
    def flow(env):
        order = new_order(env)
        return [order.action_request_review, ..., order.action_confirm]

    @flow.reference
    def confirm_plainly(env):
        ...

Without a reference function the same one is used for both. The same name may be registered
once for each reference. ``asked`` is what was promised (see toolchain/promises.py): a broken
promise is shown, and is no error.
"""

import dataclasses
import json
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from . import promises

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
    asked: dict = dataclasses.field(default_factory=dict)
    documents: tuple = ()

    def reference(self, function):
        self.theirs = function
        return function


class Measured(NamedTuple):
    """What the operations of one side took; ``documents`` is None if none are counted."""

    queries: int
    ms: float
    calls: int = 1
    documents: int | None = None


def scenario(name, reference="plain", repeats=REPEATS, asked=None, documents=()):
    """Register a scenario; ``reference`` is 'plain', a peer's name (see toolchain/peers.py), or
    WITHOUT: then both functions run with our addon, each in a database of its own.

    :param dict asked: ``{kind of promise: at most so much}``
    :param tuple documents: models whose new records are counted, where there are such models
    """
    asked = asked or {}
    promises.check_kinds(name, asked)

    def register(function):
        key = (name, reference)
        if key in REGISTRY:
            raise ValueError(f"two scenarios are called {name!r} against {reference!r}")
        REGISTRY[key] = Scenario(name, reference, function, function, repeats, asked, documents)
        return REGISTRY[key]

    return register


def measure(sides, repeats, documents=()):
    """What the prepared operations of each side took: the median of some runs after a first one
    that warms up what Odoo keeps between requests.

    The sides take turns, so that what else the machine does falls on both of them. Every
    operation is a transaction of its own and starts with an empty record cache, as each request
    does; what it writes is flushed and committed as part of what is measured. The database is a
    copy that is thrown away.

    :param sides: pairs of an environment and a scenario's function
    """
    runs = [
        [measure_once(*side, documents=documents) for side in sides] for _run in range(repeats + 1)
    ][1:]
    return [summary(of_side) for of_side in zip(*runs, strict=True)]


def summary(runs):
    last = runs[-1]
    return last._replace(
        queries=round(statistics.median(one.queries for one in runs)),
        ms=round(statistics.median(one.ms for one in runs), 1),
    )


def measure_once(env, function, documents=()):
    operations = function(env)
    env.cr.commit()
    operations = operations if isinstance(operations, list) else [operations]
    before = count(env, documents)
    total_queries, total_ms = 0, 0.0
    for operation in operations:
        env.invalidate_all()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        operation()
        env.cr.commit()
        total_queries += env.cr.sql_log_count - queries
        total_ms += (time.perf_counter() - started) * 1000
    made = count(env, documents) - before if documents else None
    return Measured(total_queries, total_ms, len(operations), made)


def count(env, models):
    """How many records of these models there are, those that nobody sees included."""
    known = [env[model].sudo().with_context(active_test=False) for model in models if model in env]
    return sum(model.search_count([]) for model in known)


def result(scenario, ours, theirs):
    row = {
        "name": scenario.name,
        "queries": ours.queries,
        "ms": ours.ms,
        "calls": ours.calls,
        "documents": ours.documents,
        "reference": scenario.against,
        "reference_queries": theirs.queries,
        "reference_ms": theirs.ms,
        "reference_calls": theirs.calls,
        "reference_documents": theirs.documents,
        "asked": scenario.asked,
    }
    return {**row, "broken": promises.broken(scenario.asked, row)}


# head, how the cell is written, whether it is text
COLUMNS = (
    ("scenario", lambda row: row["name"], True),
    ("queries", lambda row: str(row["queries"]), False),
    ("ms", lambda row: f"{row['ms']:.1f}", False),
    ("calls", lambda row: clicks(row, "calls"), False),
    ("documents", lambda row: number(row["documents"]), False),
    ("reference", lambda row: row["reference"], True),
    ("queries", lambda row: str(row["reference_queries"]), False),
    ("ms", lambda row: f"{row['reference_ms']:.1f}", False),
    ("calls", lambda row: clicks(row, "reference_calls"), False),
    ("documents", lambda row: number(row["reference_documents"]), False),
    ("more queries", lambda row: f"{row['queries'] - row['reference_queries']:+d}", False),
    ("times as long", lambda row: f"{promises.ratio(row['ms'], row['reference_ms']):.2f}", False),
    ("asked at most", lambda row: promises.wording(row["asked"]), True),
    ("kept", promises.verdict, True),
)


def clicks(row, side):
    """Empty where both sides are called as often."""
    return "" if row["calls"] == row["reference_calls"] else str(row[side])


def number(figure):
    return "" if figure is None else str(figure)


def table(results):
    """The results as text, one row a scenario; a column that says nothing is left out."""
    columns = []
    for head, write, is_text in COLUMNS:
        cells = [write(row) for row in results]
        if any(cells):
            width = max(map(len, [head, *cells]))
            pad = str.ljust if is_text else str.rjust
            columns.append([pad(cell, width) for cell in [head, *cells]])
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*columns, strict=True))


def save(results, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=2) + "\n")
