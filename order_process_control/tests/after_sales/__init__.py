from . import test_ticket_flow
from . import test_ticket_access
from . import test_ticket_clocks
