from . import check_stock
