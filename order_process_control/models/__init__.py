from . import order
from . import review
