"""Who may write the fields of the process: only our own methods.

A context flag can be sent over RPC by anybody; the identity of a Python object cannot be
carried by JSON or XML, so only code in this process can show it (design, principle 1).
"""

from collections import Counter
from contextlib import contextmanager

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


_WRITTEN = object()


@contextmanager
def written_by_process(orders):
    """While this lasts nobody asks what becomes of the content of ``orders``.

    Beside :func:`as_process`: a savepoint within Odoo's own methods recomputes in the environment
    that the transaction began with, where no token is.
    """
    written = orders.env.cr.cache.setdefault(_WRITTEN, Counter())
    written.update(orders._ids)
    try:
        yield
        orders.env.flush_all()
    finally:
        written.subtract(orders._ids)


def filter_not_written(orders):
    """Return ``orders`` without those that :func:`written_by_process` is writing."""
    written = orders.env.cr.cache.get(_WRITTEN)
    return orders.filtered(lambda order: not written[order.id]) if written else orders


def with_default(records, vals_list, name):
    """Return ``vals_list`` with the field ``name`` named in each: what a client leaves to the
    context or to a default of its own is as good as a value, and is guarded like one."""
    if all(name in vals for vals in vals_list):
        return vals_list
    default = records.default_get([name])
    return [{**default, **vals} for vals in vals_list]


CREATING_KEY = "order_creating_token"
_CREATING = object()


def as_creating(records):
    """Return ``records`` in an environment in which an order is being created with its lines:
    the order is judged when it is complete. Other orders are guarded as ever: commands of a
    client reach the lines of any."""
    return records.with_context(**{CREATING_KEY: _CREATING})


def is_creating(env):
    """Tell whether ``env`` was made by :func:`as_creating`."""
    return env.context.get(CREATING_KEY) is _CREATING


TOGETHER_KEY = "order_judged_together"


class _Together:
    __slots__ = ("ids",)

    def __init__(self, ids):
        self.ids = ids


def with_together(records):
    """Return ``records`` in an environment that knows that they are confirmed in one go."""
    return records.with_context(**{TOGETHER_KEY: _Together(records._ids)})


def get_together(env):
    """Return the ids set by :func:`with_together`."""
    together = env.context.get(TOGETHER_KEY)
    return together.ids if isinstance(together, _Together) else ()


def without(vals, names):
    """Return ``vals`` with the fields ``names`` explicitly empty where they are not given.

    An explicit value also keeps out what the user put into the context as ``default_<field>``
    or saved as a default of their own (``ir.default``).
    """
    return {**dict.fromkeys(names, False), **vals}


def without_derived(records, vals):
    """Return ``vals`` without stored fields that are computed and that nobody edits: they are
    read-only on the screen alone, and a client writes or defaults them all the same."""
    return {
        name: value
        for name, value in vals.items()
        if not (
            (field := records._fields.get(name))
            and field.store
            and field.readonly
            and (field.compute or field.related)
        )
    }
