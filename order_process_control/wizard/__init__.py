from . import order_process_result
from . import order_process_request
from . import order_signoff_decision
from . import order_signoff_decision_screen
from . import order_signoff_decision_many
from . import portal_share
from . import sale_order_discount
from . import change
