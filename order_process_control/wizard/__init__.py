from . import order_signoff_decision
from . import portal_share
from . import sale_order_discount
