from . import test_expedite_simulation
from . import test_expedite
from . import test_expedite_apply
from . import test_expedite_concurrency
from . import test_expedite_tours
