"""make bench: registering scenarios, measuring, and the table."""

import sys

import pytest

from toolchain import benchmark, peers, promises
from toolchain.benchmark import Measured
from toolchain.say import ToolchainError


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

    [measured] = benchmark.measure([(env, prepare)], repeats=3)
    assert measured.queries == 7 * clicks and measured.ms >= 0
    assert measured.calls == clicks and measured.documents is None
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


class FakeModel:
    def __init__(self, env, name):
        self.env, self.name = env, name

    def sudo(self):
        return self

    def with_context(self, active_test):
        assert not active_test
        return self

    def search_count(self, domain):
        assert domain == []
        self.env.sql_log_count += 1
        return self.env.rows[self.name]


class FakeModels(FakeEnv):
    """An environment with some models and how many records each has."""

    def __init__(self, rows):
        super().__init__()
        self.rows = rows

    def __contains__(self, name):
        return name in self.rows

    def __getitem__(self, name):
        return FakeModel(self, name)


def test_new_documents_are_counted_and_counting_is_not_measured():
    """Only those of one run, of the models that this side has."""

    def prepare(env):
        env.rows["ticket"] += 100

        def call():
            env.rows["ticket"] += 1
            env.rows["picking"] += 2

        return call

    [measured] = benchmark.measure(
        [(FakeModels({"ticket": 5, "picking": 5}), prepare)], 2, ("ticket", "picking", "rma")
    )
    assert (measured.documents, measured.queries) == (3, 0)


def test_results_and_table():
    """Nothing was asked, nothing was counted: no columns for it."""
    scenario = benchmark.Scenario("confirm", "plain", None, None)
    row = benchmark.result(scenario, Measured(12, 30.0), Measured(10, 20.0))
    assert row == {
        "name": "confirm",
        "queries": 12,
        "ms": 30.0,
        "calls": 1,
        "documents": None,
        "reference": "plain",
        "reference_queries": 10,
        "reference_ms": 20.0,
        "reference_calls": 1,
        "reference_documents": None,
        "asked": {},
        "broken": [],
    }
    head, line = benchmark.table([row]).splitlines()
    assert line.split() == ["confirm", "12", "30.0", "plain", "10", "20.0", "+2", "1.50"]
    assert len(head) == len(line)
    assert "asked" not in head and "documents" not in head and "calls" not in head


def test_table_with_what_was_asked():
    asked = {"calls": 5, "more": 120}
    exchange = benchmark.Scenario("exchange", "plain", None, None, asked=asked)
    beside = benchmark.Scenario("exchange", "rma", None, None)
    ours = Measured(900, 30.0, 5, 3)
    rows = [
        benchmark.result(exchange, ours, Measured(700, 20.0, 2, 2)),
        benchmark.result(beside, ours, Measured(2000, 60.0, 23, 21)),
    ]
    assert [row["broken"] for row in rows] == [["more"], []]
    head, first, second = benchmark.table(rows).splitlines()
    assert first.endswith("5 calls, +120 queries  no: more")
    assert second.split()[:10] == "exchange 900 30.0 5 3 rma 2000 60.0 23 21".split()
    assert second.split()[10:] == ["-1100", "0.50"]  # nothing was asked beside the peer
    assert first.index("5 calls") == head.index("asked at most")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"queries": 12}, True),
        ({"queries": 11}, False),
        ({"more": 2}, True),
        ({"more": 1}, False),
        ({"query_times": 1.2}, True),
        ({"query_times": 1.1}, False),
        ({"ms": 30}, True),
        ({"ms": 29}, False),
        ({"times": 1.5}, True),
        ({"times": 1.4}, False),
        ({"calls": 4}, True),
        ({"calls": 3}, False),
        ({"documents": 6}, True),
        ({"documents": 5}, False),
        ({"queries": 11, "ms": 30}, False),
        ({}, True),
    ],
)
def test_what_keeps_a_promise(asked, kept):
    scenario = benchmark.Scenario("confirm", "plain", None, None, asked=asked)
    row = benchmark.result(scenario, Measured(12, 30.0, 4, 6), Measured(10, 20.0, 1, 1))
    assert (not row["broken"]) is kept
    assert promises.verdict(row).startswith("" if not asked else "yes" if kept else "no: ")


def test_a_promise_that_cannot_be_measured_is_refused(registry):
    with pytest.raises(ValueError, match="asks for memory; what can be asked: queries"):
        benchmark.scenario("a", asked={"memory": 1})
    assert not registry


def test_every_peer_is_pinned():
    pins = [row for row in peers.REQUIREMENTS.read_text().splitlines() if not row.startswith("#")]
    names = [row.partition("==")[0] for row in pins]
    assert names == sorted(names) and all(row.partition("==")[2] for row in pins)
    for module in peers.PEERS.values():
        assert f"odoo-addon-{module.replace('_', '-')}" in names


@pytest.fixture
def load(monkeypatch):
    """What bench.py reads, as if for the first time: a module registers when it is imported."""
    import bench

    for module in [name for name in sys.modules if name.startswith(bench.SCENARIOS.name)]:
        monkeypatch.delitem(sys.modules, module)
    return bench.load


def test_every_scenario_can_be_registered(load):
    """Names, references and promises of all of them, without a database."""
    scenarios = load()
    assert {one.against for one in scenarios} <= {"plain", benchmark.WITHOUT, *peers.PEERS}
    asked = {(one.name, one.against): one.asked for one in scenarios}
    assert asked["ticket.exchange_10", "plain"]["more"] == 120
    assert ("ticket.exchange_10", "rma") in asked


def test_parts_of_the_scenarios(load):
    found = load("ticket.create", "review.decide_200")
    assert {one.name for one in found} == {"ticket.create_1000", "review.decide_200"}
    with pytest.raises(ToolchainError, match="starts with 'tickets'. There are: .*review.flow_1"):
        load("review", "tickets")
