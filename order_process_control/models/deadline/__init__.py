from . import res_company
from . import hr_department
from . import resource_calendar
from . import order_deputy
from . import order_alert_recipients
from . import order_deadline_policy
from . import order_deadline_policy_line
from . import order_deadline
from . import order_deadline_start
from . import order_deadline_course
from . import order_deadline_event
from . import order_deadline_scan
from . import order_deadline_words
from . import order_deadline_mixin
from . import order_alert
from . import order_alert_notice
from . import order_alert_people
from . import order_alert_raise
<<<<<<< HEAD
from . import res_company_entry
from . import order_entry_exception
from . import order_alert_rule
from . import order_alert_rule_query
from . import order_alert_rule_run
from . import indicators
from . import order_alert_rule_alert
from . import sale_order_alerts
=======
from . import order_alert_mail
>>>>>>> h-engine
