from . import order_signoff_decision_expedite
