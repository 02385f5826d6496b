from . import ticket_form_mixin
from . import visit_report
from . import quality_form
