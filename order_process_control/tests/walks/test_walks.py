import logging
import os
import time
from collections import Counter

from odoo.tests import tagged
from odoo.tools.misc import real_time

from .world import WalkCommon

_logger = logging.getLogger(__name__)

# make test: the same steps every time, about a minute of them
COUNT, LENGTH = 6, 70
STEPS, SEED, SHRINK = "OPC_SOAK_STEPS", "OPC_SOAK_SEED", "OPC_SOAK_SHRINK"
SOAK_LENGTH = 150


@tagged("post_install", "-at_install")
class TestWalks(WalkCommon):
    """Random walks through the whole process: nothing that anybody tries breaks an invariant."""

    def test_walks(self):
        # Here: Odoo's own runner imports every test, and does not have our requirements
        from .machine import walk

        steps = int(os.environ.get(STEPS) or 0)
        count = max(steps // SOAK_LENGTH, 1) if steps else COUNT
        started = real_time()
        walk(self, count, SOAK_LENGTH if steps else LENGTH, self._get_seed(steps))
        done, refused = self.done.total(), self.refused.total()
        self.assertGreater(done, refused / 3, "Walks that get nowhere find nothing")
        _logger.info("%s done, %s refused in %.0f s", done, refused, real_time() - started)
        for what in sorted(self.done | self.refused):
            _logger.info("%5d done %5d refused: %s", self.done[what], self.refused[what], what)

    def setUp(self):
        super().setUp()
        self.done, self.refused = Counter(), Counter()
        self.shrinks = bool(os.environ.get(SHRINK))

    def tally(self, done, refused):
        """Count what became of the moves of a walk."""
        self.done += done
        self.refused += refused

    def _get_seed(self, steps):
        seed = os.environ.get(SEED)
        if not steps and not seed:
            return None
        return int(seed) if seed else int(time.time())
