from . import order_process_setup
from . import order_process_setup_line
