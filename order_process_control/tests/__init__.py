from .order import *
from .deadline import *
from .review import *
from .change import *
from .setup import *
