from . import order_ticket_step
from . import order_ticket_inspect
from . import order_ticket_merge
from . import order_ticket_split
from . import order_signoff_decision
from . import order_ticket_caller
from . import order_ticket_caller_match
from . import order_ticket_refusal
