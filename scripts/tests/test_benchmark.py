"""make bench: registering scenarios, measuring, and the table."""

import pytest

from toolchain import benchmark


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(benchmark, "REGISTRY", {})
    return benchmark.REGISTRY


class FakeEnv:
    """Counts like a cursor, and remembers what was asked of it."""

    def __init__(self):
        self.cr = self
        self.sql_log_count = 0
        self.events = []

    def commit(self):
        self.events.append("commit")

    def invalidate_all(self):
        self.events.append("invalidate")


@pytest.mark.parametrize("clicks", [1, 3])
def test_only_the_returned_operations_are_measured(clicks):
    """Preparation is not counted; every operation starts cold and ends committed."""
    env = FakeEnv()

    def prepare(env):
        env.sql_log_count += 100

        def call():
            env.events.append("call")
            env.sql_log_count += 7

        return call if clicks == 1 else [call] * clicks

    [(queries, milliseconds)] = benchmark.measure([(env, prepare)], repeats=3)
    assert queries == 7 * clicks and milliseconds >= 0
    once = ["commit"] + ["invalidate", "call", "commit"] * clicks
    assert env.events == once * 4  # one run to warm up


def test_a_scenario_has_a_reference_of_its_own_or_shares_one(registry):
    @benchmark.scenario("a", reference="sale_exception")
    def ours(env):
        pass

    (only,) = registry.values()
    assert only is ours and ours.theirs is ours.ours

    @ours.reference
    def theirs(env):
        pass

    assert ours.theirs is theirs and ours.against == "sale_exception"
    benchmark.scenario("a")(theirs)  # against another reference
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
