"""What the trials of live databases conclude from what they find."""

import pytest

import compat
import live
import upgrades

REPORT = """<testsuites><testsuite>
<testcase classname="addons.sale.tests.test_a.TestA" name="test_good"/>
<testcase classname="addons.sale.tests.test_a.TestA" name="test_bad"><failure/></testcase>
<testcase classname="addons.sale.tests.test_a.TestA" name="test_bad"><error/></testcase>
<testcase classname="addons.sale.tests.test_a.TestA" name="test_left_out"><skipped/></testcase>
</testsuite></testsuites>"""


def test_outcomes(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert compat.outcomes(report) == {
        "test_a.TestA.test_good": "passed",
        "test_a.TestA.test_bad": "failed",
        "test_a.TestA.test_left_out": "skipped",
    }


def test_only_the_difference_counts():
    without = {"both": "failed", "ours": "passed", "mended": "error", "lost": "passed"}
    with_addon = {"both": "failed", "ours": "error", "mended": "passed"}
    assert compat.compare(without, with_addon) == (["ours"], ["mended"], ["lost"])
    rows, bad = compat.summary("sale", without, with_addon)
    assert bad
    assert "    also without us: both" in rows
    assert not compat.summary("sale", {"a": "failed"}, {"a": "failed"})[1]


@pytest.mark.parametrize("argument", ["sale,repair", "sale repair", " sale, repair "])
def test_modules_that_were_asked_for(argument):
    assert compat.chosen(argument) == ("sale", "repair")


def test_differences():
    new = {"a": "1", "b": "2", "button": '<button name="12"/>'}
    updated = {"a": "1", "c": "3", "button": '<button name="47"/>'}
    assert upgrades.differences("view", new, updated) == [
        "view b is missing",
        "view c is left over",
    ]
    [row] = upgrades.differences("rule", {"a": "new"}, {"a": "old"})
    assert "old" in row and "new" in row


def test_changed_states():
    before = {"1": {"name": "S1", "state": "sale", "ledger": "none"}}
    same = {"1": {"name": "S1", "state": "sale", "ledger": "whole"}}
    assert not upgrades.changed_states(before, same)
    broken = {"1": {"name": "S1", "state": "draft", "ledger": "Entry 2 is missing."}}
    state, ledger = upgrades.changed_states(before, broken)
    assert "was 'sale' and is 'draft'" in state
    assert "Entry 2 is missing." in ledger


def test_rows_that_are_gone_or_changed(monkeypatch):
    sides = {
        "before": {"1": {"id": "1", "evidence": "x", "note": "n"}, "2": {"id": "2"}},
        "after": {"1": {"id": "1", "kept_evidence": "y", "note": "n"}},
    }
    monkeypatch.setattr(
        upgrades.live,
        "rows",
        lambda _server, database, _table, names: {
            key: {name: row.get(name) for name in names} for key, row in sides[database].items()
        },
    )
    now = {"id": (), "kept_evidence": ()}
    problems = upgrades.lost_in_table(
        None, "before", "after", "order_signoff_answer", ["id", "evidence", "note"], now
    )
    assert problems == [
        "order_signoff_answer.note is gone, it had a value in 1 rows",
        "order_signoff_answer: 1 of 2 rows are gone: ['2']",
        "order_signoff_answer.evidence changed in 1 of 2 rows, as in 1: x -> y",
    ]


def test_who_wrote_last_is_explained_for_few_rows_only(monkeypatch):
    rows = {
        "before": {str(n): {"id": str(n), "write_date": "then"} for n in range(3)},
        "after": {str(n): {"id": str(n), "write_date": "now"} for n in range(3)},
    }
    monkeypatch.setattr(live.live, "rows", lambda _server, name, *_rest: rows[name])
    [row] = live.details(None, "before", "after", "res_partner", ["id", "write_date"])
    assert "changed in 3 rows" in row
    for side in rows.values():
        side.pop("2")
    assert not live.details(None, "before", "after", "res_partner", ["id", "write_date"])
