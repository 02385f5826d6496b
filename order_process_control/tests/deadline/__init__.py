from . import test_order_deputy
from . import test_deadline_report
