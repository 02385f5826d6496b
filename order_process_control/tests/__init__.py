from .order import *
from .deadline import *
from .review import *
from .facts import *
from .change import *
from .urgency import *
from .more_apps import *
from .setup import *
