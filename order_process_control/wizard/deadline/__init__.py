from . import order_alert_resolution
from . import order_deadline_exemption
