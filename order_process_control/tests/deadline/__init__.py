from . import test_order_deputy
