from . import setup_key
from . import order_process_preset
