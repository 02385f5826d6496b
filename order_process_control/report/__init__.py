from . import review
from . import facts
from . import after_sales
