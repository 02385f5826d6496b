"""Values of a configuration file: what is written into it, and what is taken out of it.

The file may come from anywhere, so nothing in it is trusted: every value has the type of its
field, or the import stops with a sentence.
"""

import math

TYPES = {"char", "text", "selection", "integer", "float", "boolean"}
MAX_TEXT = 20000
MAX_INTEGER = 2**31 - 1
MAX_FLOAT = 1e15


class BadValue(ValueError):
    """A value that its field cannot take."""


def get_field_names(model, without=()):
    """Return the plain fields of ``model`` that make up its configuration, those of other addons
    included."""
    return [
        name
        for name, field in sorted(model._fields.items())
        if field.store
        and field.type in TYPES
        and not (field.compute or field.related or field.company_dependent)
        and name not in ("id", *without)
    ]


def clean(env, field, value):
    """Return ``value`` of a file as its field takes it.

    :raise BadValue: when it cannot take it
    """
    if value is None and field.type in ("char", "text", "selection"):
        value = False
    return _CLEANERS[field.type](env, field, value)


def _clean_text(env, field, value):
    if value is False:
        return value
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value:
        raise BadValue
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadValue from error
    return value


def _clean_selection(env, field, value):
    if value is not False and (not isinstance(value, str) or value not in field.get_values(env)):
        raise BadValue
    return value


def _clean_integer(env, field, value):
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise BadValue
    return value


def _clean_float(env, field, value):
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or abs(value) > MAX_FLOAT or not math.isfinite(value):
        raise BadValue
    return float(value)


def _clean_boolean(env, field, value):
    if not isinstance(value, bool):
        raise BadValue
    return value


_CLEANERS = {
    "char": _clean_text,
    "text": _clean_text,
    "selection": _clean_selection,
    "integer": _clean_integer,
    "float": _clean_float,
    "boolean": _clean_boolean,
}
