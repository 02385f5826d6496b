from . import setup_key
from . import res_company
from . import order_process_preset
from . import order_process_configuration
from . import order_process_configuration_import
from . import order_signoff
from . import digest_digest
