from . import test_priority_access
from . import test_priority_backorders
from . import test_priority_deliveries
from . import test_priority_purchases
