from . import review
from . import facts
