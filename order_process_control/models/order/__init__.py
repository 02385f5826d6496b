from . import process_token
from . import order_rule_mixin
from . import order_class
from . import order_special_reason
from . import utm_medium
from . import product_template
from . import sale_order
