from .order import *
from .deadline import *
from .review import *
from .facts import *
from .change import *
