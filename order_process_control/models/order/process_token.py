"""Who may write the fields of the process: only our own methods.

A context flag can be sent over RPC by anybody; the identity of a Python object cannot be
carried by JSON or XML, so only code in this process can show it (design, principle 1).
"""

CONTEXT_KEY = "order_process_token"
_TOKEN = object()


def as_process(records):
    """Return ``records`` in an environment that may write the process' own fields.

    Keep the use narrow: one ``write`` or ``create``. The only wider uses are two private methods
    of Odoo that write totals of their own: global discounts and down payments.
    """
    return records.with_context(**{CONTEXT_KEY: _TOKEN})


def is_process(env):
    """Tell whether ``env`` was made by :func:`as_process`."""
    return env.context.get(CONTEXT_KEY) is _TOKEN


CREATING_KEY = "order_creating_token"
_CREATING = object()


def as_creating(records):
    """Return ``records`` in an environment in which an order is being created with its lines:
    the order is judged when it is complete."""
    return records.with_context(**{CREATING_KEY: _CREATING})


def is_creating(env):
    """Tell whether ``env`` was made by :func:`as_creating`."""
    return env.context.get(CREATING_KEY) is _CREATING


def without(vals, names):
    """Return ``vals`` with the fields ``names`` explicitly empty where they are not given.

    An explicit value also keeps out what the user put into the context as ``default_<field>``
    or saved as a default of their own (``ir.default``).
    """
    return {**dict.fromkeys(names, False), **vals}
