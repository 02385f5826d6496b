"""make soak: random walks through the whole process, as many steps as there is time for.

    python3 scripts/bootstrap.py test scripts/soak.py [N]

N is the number of steps, 10000 by default. The walks are other ones each time; the seed is printed,
and S=<seed> in the environment takes the same ones again. A walk that breaks an invariant is
printed as it was; SHRINK=1 looks for a shorter one that breaks the same, which takes its time.
"""

import os
import random
import sys

import run_tests
from toolchain import paths
from toolchain.say import ToolchainError, line, main, note

WALKS = "order_process_control/tests/walks/test_walks.py"
STEPS = 10_000
FIGURES = paths.VAR / "soak.txt"


def settings(argument, environ=os.environ):
    """What the walks read from their environment."""
    if argument and not argument.isdecimal():
        raise ToolchainError(f"N is a number of steps, not {argument}.")
    return {
        "OPC_SOAK_STEPS": argument or str(STEPS),
        "OPC_SOAK_SEED": environ.get("S") or str(random.SystemRandom().randrange(2**32)),
        "OPC_SOAK_SHRINK": environ.get("SHRINK") or "",
        "OPC_SOAK_FIGURES": str(FIGURES),
    }


def run():
    chosen = settings(" ".join(sys.argv[1:]))
    os.environ.update(chosen)
    note(f"{chosen['OPC_SOAK_STEPS']} steps, the same again with S={chosen['OPC_SOAK_SEED']}")
    FIGURES.unlink(missing_ok=True)
    results = run_tests.run_addon(run_tests.Selection([WALKS], None))
    if FIGURES.is_file():
        line(FIGURES.read_text())
    return run_tests.conclude(results)


if __name__ == "__main__":
    main(run)
