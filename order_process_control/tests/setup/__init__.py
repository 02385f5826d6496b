from . import test_health_alerts
from . import test_digest
from . import test_health
from . import test_preview
from . import test_setup
from . import test_setup_tour
from . import test_switch
from . import test_transfer
