from . import test_order_deputy
from . import test_indicator_orders
from . import test_indicator_entry
from . import test_indicator_delivery
from . import test_alert_rule
from . import test_alert_resolution
from . import test_alert_access
from . import test_entry_exception
