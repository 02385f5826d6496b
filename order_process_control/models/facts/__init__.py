from . import order_class
from . import order_event
from . import order_review_step_fast_path
from . import res_company_fast_path
from . import sale_order_fast_path
from . import sale_order_shipping_notice
from . import stock_move
from . import stock_picking
