"""make bench: registering scenarios, measuring, and the table."""

import contextlib

import pytest

from toolchain import benchmark


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(benchmark, "REGISTRY", {})
    return benchmark.REGISTRY


class FakeEnv:
    """Counts like a cursor; a savepoint that is undone, caches that are emptied."""

    def __init__(self):
        self.cr = self
        self.sql_log_count = 0
        self.events = []

    @contextlib.contextmanager
    def savepoint(self, flush):
        yield self

    def rollback(self):
        self.events.append("rollback")

    def flush_all(self):
        self.events.append("flush")

    def invalidate_all(self):
        self.events.append("invalidate")


def test_only_the_returned_call_is_measured():
    env = FakeEnv()

    def prepare(env):
        env.sql_log_count += 100

        def call():
            env.events.append("call")
            env.sql_log_count += 7

        return call

    queries, milliseconds = benchmark.measure(env, prepare, repeats=3)
    assert queries == 7 and milliseconds >= 0
    assert env.events.count("call") == 4
    assert env.events[:6] == ["flush", "invalidate", "call", "flush", "rollback", "invalidate"]


def test_a_scenario_has_a_reference_of_its_own_or_shares_one(registry):
    @benchmark.scenario("a", reference="sale_exception")
    def ours(env):
        pass

    assert registry["a"].theirs is registry["a"].ours

    @ours.reference
    def theirs(env):
        pass

    assert registry["a"].theirs is theirs and registry["a"].against == "sale_exception"
    with pytest.raises(ValueError, match="two scenarios"):
        benchmark.scenario("a")(theirs)


def test_results_and_table():
    scenario = benchmark.Scenario("confirm", "plain", None, None)
    row = benchmark.result(scenario, (12, 30.0), (10, 20.0))
    assert row == {
        "name": "confirm",
        "queries": 12,
        "ms": 30.0,
        "reference": "plain",
        "reference_queries": 10,
        "reference_ms": 20.0,
    }
    head, line = benchmark.table([row]).splitlines()
    assert line.split() == ["confirm", "12", "30.0", "plain", "10", "20.0", "+2", "1.50"]
    assert len(head) == len(line)
