from . import order_process_setup
from . import order_process_setup_preview
from . import order_process_setup_line
from . import order_process_health
from . import order_process_health_deadlines
from . import order_process_reassign
from . import order_process_transfer
