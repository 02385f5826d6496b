from . import order_identity_verification
