from . import test_deadline
from . import test_deadline_access
from . import test_deadline_policy
from . import test_order_deputy
from . import test_deadline_report
from . import test_working_time
