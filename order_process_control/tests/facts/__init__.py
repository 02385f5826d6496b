from . import test_fast_path
from . import test_shipping_notice
from . import test_shipping_notice_print
