from . import test_order_class
from . import test_intake
