from . import order
from . import deadline
from . import review
from . import facts
from . import change
from . import urgency
from . import after_sales
from . import setup
