from . import test_ticket_flow
from . import test_ticket_access
from . import test_ticket_clocks
from . import test_ticket_goods
from . import test_ticket_documents
from . import test_ticket_screens
