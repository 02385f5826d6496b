from . import order_signoff_decision_expedite
from . import order_expedite_answer
