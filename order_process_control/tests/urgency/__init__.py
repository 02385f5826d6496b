from . import test_expedite
from . import test_expedite_apply
from . import test_expedite_simulation
from . import test_priority_access
from . import test_priority_backorders
from . import test_priority_deliveries
from . import test_priority_purchases
