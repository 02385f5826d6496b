from . import test_preview
from . import test_setup
from . import test_switch
