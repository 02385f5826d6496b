from . import test_change
from . import test_change_apply
from . import test_change_attacks
from . import test_change_access
from . import test_change_http
from . import test_change_screens
from . import test_change_clocks
