from . import order_ticket_caller
from . import order_ticket_caller_match
from . import order_ticket_refusal
