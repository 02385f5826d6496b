from . import test_alert
from . import test_deadline
from . import test_deadline_access
from . import test_deadline_mixin
from . import test_deadline_policy
from . import test_deadline_scan
from . import test_order_deputy
from . import test_working_time
