from . import order_review_preview
