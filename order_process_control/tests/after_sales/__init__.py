from . import test_ticket_flow
from . import test_ticket_access
from . import test_ticket_clocks
from . import test_portal_pages
from . import test_portal_attacks
from . import test_portal_rating
from . import test_ticket_mail
from . import test_ticket_callers
