"""make soak: how many steps, and which ones."""

import pytest

import soak
from toolchain.say import ToolchainError


def test_other_walks_each_time():
    first, second = (soak.settings("", {}) for _time in range(2))
    assert first["OPC_SOAK_STEPS"] == "10000"
    assert first["OPC_SOAK_SEED"] != second["OPC_SOAK_SEED"]


def test_the_same_walks_again():
    chosen = soak.settings("500", {"S": "7", "SHRINK": "1"})
    assert (chosen["OPC_SOAK_STEPS"], chosen["OPC_SOAK_SEED"]) == ("500", "7")
    assert chosen["OPC_SOAK_SHRINK"]


def test_steps_are_a_number():
    with pytest.raises(ToolchainError, match="many"):
        soak.settings("many", {})
