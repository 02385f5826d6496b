from . import ir_sequence
from . import order_ticket_category
from . import order_ticket_team
from . import order_ticket
from . import order_ticket_flow
from . import order_ticket_customer
from . import order_ticket_line
from . import order_ticket_visit
