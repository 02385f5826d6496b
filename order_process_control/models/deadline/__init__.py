from . import order_deputy
