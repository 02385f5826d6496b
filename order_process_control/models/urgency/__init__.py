from . import order_priority_mixin
from . import purchase_order
from . import sale_order
from . import stock_move
from . import stock_picking
from . import stock_rule
