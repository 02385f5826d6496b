import logging
import os
import time
from collections import Counter
from pathlib import Path

from odoo.tests import tagged
from odoo.tools.misc import real_time

from .world import WalkCommon

_logger = logging.getLogger(__name__)

# make test: the same steps every time, about a minute of them
COUNT, LENGTH = 6, 70
# What make soak says, and where it reads what was done
STEPS, SEED, SHRINK = "OPC_SOAK_STEPS", "OPC_SOAK_SEED", "OPC_SOAK_SHRINK"
FIGURES = "OPC_SOAK_FIGURES"
# Rather many walks than long ones: each begins elsewhere, and takes other kinds of moves
SOAK_LENGTH = 80


@tagged("post_install", "-at_install")
class TestWalks(WalkCommon):
    """Random walks through the whole process: nothing that anybody tries breaks an invariant."""

    def test_walks(self):
        # Here: Odoo's own runner imports every test, and does not have our requirements
        from .machine import walk

        steps = int(os.environ.get(STEPS) or 0)
        count = max(steps // SOAK_LENGTH, 1) if steps else COUNT
        walk(self, count, SOAK_LENGTH if steps else LENGTH, self._get_seed(steps))
        done, refused = self.done.total(), self.refused.total()
        self.assertGreater(done, refused / 3, "Walks that get nowhere find nothing")
        _logger.info(self._get_figures())

    def setUp(self):
        super().setUp()
        self.started, self.walks = real_time(), 0
        self.done, self.refused = Counter(), Counter()
        self.shrinks = bool(os.environ.get(SHRINK))

    def tally(self, done, refused):
        """Count what became of the moves of a walk, also of one that broke an invariant."""
        self.walks += 1
        self.done += done
        self.refused += refused
        if os.environ.get(FIGURES):
            Path(os.environ[FIGURES]).write_text(self._get_figures())

    def _get_figures(self):
        """Return how often each move succeeded and was refused, a line a move."""
        done, refused = self.done.total(), self.refused.total()
        seconds = real_time() - self.started
        lines = [f"{done} done, {refused} refused in {self.walks} walks and {seconds:.0f} s"]
        for what in sorted(self.done | self.refused):
            lines.append(f"{self.done[what]:6} done {self.refused[what]:6} refused  {what}")
        return "\n".join(lines)

    def _get_seed(self, steps):
        seed = os.environ.get(SEED)
        if not steps and not seed:
            return None
        return int(seed) if seed else int(time.time())
