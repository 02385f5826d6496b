from .order import *
from .review import *
