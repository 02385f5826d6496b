from . import order_event_expedite
from . import order_review_expedite
from . import order_expedite
from . import order_expedite_impact
from . import sale_order_expedite
