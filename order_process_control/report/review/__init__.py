from . import order_record_mixin
from . import order_review_form
from . import order_summary
