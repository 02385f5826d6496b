from . import test_review_round
from . import test_gate
from . import test_signers
from . import test_submission
from . import test_access
from . import test_review_step
from . import test_checks
from . import test_tours
