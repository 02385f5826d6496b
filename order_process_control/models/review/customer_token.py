"""Who acts for the customer: only Odoo's own portal and payment methods, never a client.

Like ``order/process_token.py``: a client can put any JSON into the context, but never an object.
"""

CONTEXT_KEY = "order_customer_token"
_TOKEN = object()


def as_customer(records):
    """Return ``records`` in an environment in which the customer accepts orders online."""
    return records.with_context(**{CONTEXT_KEY: _TOKEN})


def is_customer(env):
    """Tell whether it is the customer who acts in ``env``.

    Either a method of Odoo that only the portal or a payment reaches, or other code that acts
    with all rights for a visitor or a portal user. Never an internal user over RPC.
    """
    if env.context.get(CONTEXT_KEY) is _TOKEN:
        return True
    # Without any user: a route that needs no session
    return env.su and not (env.uid and env.user._is_internal())
