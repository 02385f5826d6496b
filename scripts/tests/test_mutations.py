"""make mutate: every guard on its list is there, and its tests are."""

import ast

import pytest

import mutate
import mutations
from toolchain import paths
from toolchain.say import ToolchainError

EVERYTHING = mutations.all_mutations()


def test_names_are_unique():
    names = [mutation.name for mutation in EVERYTHING]
    assert len(names) == len(set(names)) > 100


@pytest.mark.parametrize("mutation", EVERYTHING, ids=lambda mutation: mutation.name)
def test_the_guard_and_its_tests_are_there(mutation):
    for file in mutation.tests:
        assert (paths.ROOT / mutations.TESTS / file).is_file(), file
    if mutation.statement:
        return
    text = (paths.ADDON_DIR / mutation.file).read_text(encoding="utf-8")
    mutant = mutation.apply(text)
    assert mutant != text
    ast.parse(mutant)


def test_a_guard_that_is_gone_is_no_guard():
    mutation = mutations.code("gone", "x.py", "if guard:", "if False:", "y.py")
    for text in ("", "if guard: pass\nif guard: pass"):
        with pytest.raises(ValueError, match="gone"):
            mutation.apply(text)


def test_a_part_is_chosen_by_prefixes():
    assert mutate.choose([]) == EVERYTHING
    chosen = mutate.choose(["ledger_", "rule_order_ticket_line_rule_customer"])
    assert {m.name.partition("_")[0] for m in chosen} == {"ledger", "rule"}
    with pytest.raises(ToolchainError, match="nothing_like_it"):
        mutate.choose(["nothing_like_it"])


def test_every_rule_is_opened_for_everybody():
    opened = {m.name for m in mutations.rules()}
    assert "rule_order_ticket_line_rule_customer" in opened
    # What lets everything through cannot be opened any wider
    assert "rule_order_ticket_rule_auditor" not in opened
