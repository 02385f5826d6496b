"""How our overrides of Odoo's methods say that the line about to be made is Odoo's own.

Like ``process_token``: a Python object that neither JSON, XML nor a saved default can carry. It
does less than the token: it opens no field, it only makes ``sale.order.line`` note where a line
of a confirmed order comes from, and keep that note when the same methods write the line later.
"""

CONTEXT_KEY = "order_line_origin"
ORIGINS = [
    ("picking", "Shipped without Order"),
    ("expense", "Reinvoiced Cost"),
    ("repair", "Used in Repair"),
]


class Origin:
    """One way in which Odoo itself adds lines to a confirmed order."""

    __slots__ = ("kind",)

    def __init__(self, kind):
        self.kind = kind


_ORIGINS = {kind: Origin(kind) for kind, _label in ORIGINS}


def with_origin(records, kind):
    """Return ``records`` in an environment whose new order lines may be of this origin.

    Use it around one method of Odoo that makes or writes order lines in its middle.
    """
    return records.with_context(**{CONTEXT_KEY: _ORIGINS[kind]})


def without_origin(records):
    """Return ``records`` in an environment that does not speak of an origin any more."""
    return records.with_context(**{CONTEXT_KEY: None})


def get_origin(env):
    """Return the kind set by :func:`with_origin`, None without one."""
    return get_value_kind(env.context.get(CONTEXT_KEY))


def as_value(kind):
    """Return what a ``_prepare_*`` method of Odoo may put into ``process_origin``.

    Narrower than the environment, wherever Odoo has such a method.
    """
    return _ORIGINS[kind]


def get_value_kind(value):
    """Return the kind of a value made by :func:`as_value`, None for anything else."""
    return value.kind if isinstance(value, Origin) else None
