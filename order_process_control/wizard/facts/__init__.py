from . import order_identity_verification
from . import order_review_preview
