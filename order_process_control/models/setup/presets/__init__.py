from .eshop import ESHOP
from .manufacturing import MANUFACTURING
from .trading import TRADING

PRESETS = (MANUFACTURING, TRADING, ESHOP)
