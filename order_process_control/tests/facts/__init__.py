from . import test_stock
from . import test_feasible_date
from . import test_data
from . import test_carrier
from . import test_promises
from . import test_queries
