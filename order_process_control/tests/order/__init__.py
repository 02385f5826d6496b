from . import test_order_class
from . import test_intake
from . import test_rule_words
from . import test_oral_record
from . import test_requirements
from . import test_priority
