from .order import *
from .deadline import *
from .review import *
from .facts import *
from .change import *
from .after_sales import *
from .more_apps import *
from .setup import *
