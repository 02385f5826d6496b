from . import test_expense
from . import test_manufactured
from . import test_line_margin
