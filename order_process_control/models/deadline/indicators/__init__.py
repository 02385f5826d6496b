# In the order in which they are offered
from . import unprocessed
from . import entered_after_cut_off
from . import entered_another_day
from . import month_not_entered
from . import contact_missing
from . import amount_above
from . import quantity_above
from . import promise_past
from . import stock_short
from . import purchase_late
from . import not_shipped
from . import tracking_missing
from . import delivery_differs
from . import not_invoiced
from . import invoice_overdue
