"""What make bench measures; see scripts/toolchain/benchmark.py for how a scenario is written."""
