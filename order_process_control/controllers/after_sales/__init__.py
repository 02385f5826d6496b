from . import ticket_access
from . import ticket_list
from . import ticket_page
from . import ticket_form
from . import ticket_rating
from . import ticket_visit
from . import mail
