from . import order_alert_resolution
