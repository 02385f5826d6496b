from . import order_signoff_decision
from . import sale_order_discount
