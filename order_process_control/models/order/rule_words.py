"""Rules in words: a domain as a person would say it, in the language of the environment.

``['|', ('is_important', '=', True), ('amount_untaxed', '>=', 50000)]`` becomes "Important Order is
ticked or Untaxed Amount is at least $ 50,000.00".
"""

from odoo.fields import Date, Datetime, Domain
from odoo.tools.misc import format_amount, format_date, format_datetime, formatLang

_NEGATED = {"not in", "!=", "not like", "not ilike", "not =like", "not =ilike", "not any"}
_EQUALS = {"=", "!=", "in", "not in"}
_CONTAINS = {"like", "ilike", "not like", "not ilike"}


def split_rule(rule):
    """Return the alternatives of a rule, each of them a Domain: one where it has no "or"."""
    operator, *rest = _parse(list(rule))
    return [Domain(_unparse(part)) for part in rest[0]] if operator == "|" else [rule]


def describe_rule(env, rule, model_name="sale.order", currency=None):
    """Return a rule in words, a part of a sentence.

    What cannot be said in words, such as a field that is gone, is shown as it is written.

    :param Domain rule: on records of ``model_name``
    :param currency: res.currency of the amounts in it; plain figures without
    """
    return _Words(env, currency).describe(_parse(list(rule)), env[model_name])


def _parse(items):
    """Return the polish notation as a tree: (operator, [children]) or a condition."""
    stack = []
    for item in reversed(items):
        if item == "!":
            stack.append(("!", [stack.pop()]))
        elif item in ("&", "|"):
            children = []
            for child in (stack.pop(), stack.pop()):
                # "a and b and c" needs no brackets
                children += child[1] if child[0] == item and len(child) == 2 else [child]
            stack.append((item, children))
        else:
            stack.append(tuple(item))
    while len(stack) > 1:
        stack[-2:] = [("&", [stack[-1], stack[-2]])]
    return stack[0] if stack else ("&", [])


def _unparse(tree):
    if len(tree) == 3:
        return [tree]
    operator, children = tree
    if operator == "!":
        return ["!", *_unparse(children[0])]
    flat = [item for child in children for item in _unparse(child)]
    return [operator] * (len(children) - 1) + flat


class _Words:
    def __init__(self, env, currency):
        self.env = env
        self.currency = currency

    def describe(self, tree, model, is_inner=False):
        if len(tree) == 3:
            return self.describe_condition(model, *tree)
        operator, children = tree
        if not children:
            return self.env._("always")
        if operator == "!":
            return self.env._("not (%s)", self.describe(children[0], model))
        parts = [self.describe(child, model, is_inner=True) for child in children]
        joint = self.env._(" and ") if operator == "&" else self.env._(" or ")
        return f"({joint.join(parts)})" if is_inner and len(parts) > 1 else joint.join(parts)

    def describe_condition(self, model, path, operator, value):
        if not isinstance(path, str):
            return self.env._("always") if path == value else self.env._("never")
        label, field = self.get_label(model, path)
        value = value if not isinstance(value, set | tuple) else list(value)
        if field is not None:
            if operator in ("any", "not any"):
                return self.describe_any(label, field, operator, value)
            if field.type == "boolean" and operator in _EQUALS:
                return self.describe_boolean(label, operator, value)
        return self.describe_comparison(label, field, operator, value)

    # === CONDITIONS ===#

    def describe_any(self, label, field, operator, value):
        inner = self.describe(_parse(list(Domain(value))), self.env[field.comodel_name])
        if operator == "not any":
            return self.env._("%(field)s: none with %(condition)s", field=label, condition=inner)
        return self.env._("%(field)s: one with %(condition)s", field=label, condition=inner)

    def describe_boolean(self, label, operator, value):
        values = value if isinstance(value, list) else [value]
        if any(values) and not all(values):
            return self.env._("always")
        if any(values) != (operator in _NEGATED):
            return self.env._("%s is ticked", label)
        return self.env._("%s is not ticked", label)

    def describe_comparison(self, label, field, operator, value):
        is_list, negated = isinstance(value, list), operator in _NEGATED
        values = [v for v in value if v is not False] if is_list else [value]
        if operator in _EQUALS and not values or value is False:
            return self.say_set(label, is_set=negated)
        said = self.env._(", ").join(self.get_values(field, values))
        sentence = self.say_operator(field, operator, several=len(values) > 1)
        if not sentence:
            return f"{label} {operator} {said}"
        sentence %= {"field": label, "value": said}
        if operator == "in" and is_list and False in value:
            return self.env._("%(first)s or not set", first=sentence)
        return sentence

    def say_set(self, label, is_set):
        return self.env._("%s is set", label) if is_set else self.env._("%s is not set", label)

    def say_operator(self, field, operator, several):
        """Return the sentence of an operator, with ``field`` and ``value`` to be filled in."""
        if operator in ("=", "in"):
            return (
                self.env._("%(field)s is one of %(value)s")
                if several
                else self.env._("%(field)s is %(value)s")
            )
        if operator in ("!=", "not in"):
            if several:
                return self.env._("%(field)s is none of %(value)s")
            return self.env._("%(field)s is not %(value)s")
        if operator in _CONTAINS:
            if operator in _NEGATED:
                return self.env._("%(field)s does not contain “%(value)s”")
            return self.env._("%(field)s contains “%(value)s”")
        if field is not None and field.type in ("date", "datetime"):
            return {
                ">": self.env._("%(field)s is after %(value)s"),
                ">=": self.env._("%(field)s is on or after %(value)s"),
                "<": self.env._("%(field)s is before %(value)s"),
                "<=": self.env._("%(field)s is on or before %(value)s"),
            }.get(operator)
        return {
            ">": self.env._("%(field)s is more than %(value)s"),
            ">=": self.env._("%(field)s is at least %(value)s"),
            "<": self.env._("%(field)s is less than %(value)s"),
            "<=": self.env._("%(field)s is at most %(value)s"),
            "child_of": self.env._("%(field)s is %(value)s or belongs to it"),
            "parent_of": self.env._("%(field)s is %(value)s or what it belongs to"),
            "=like": self.env._("%(field)s is like “%(value)s”"),
            "=ilike": self.env._("%(field)s is like “%(value)s”"),
        }.get(operator)

    # === FIELDS AND VALUES ===#

    def get_label(self, model, path):
        """Return (label of a dotted path, its last field or None where there is none)."""
        labels, field = [], None
        for name in path.split("."):
            field = model._fields.get(name) if model is not None else None
            labels.append(field.get_description(self.env, ["string"])["string"] if field else name)
            model = self.env[field.comodel_name] if field and field.relational else None
        return " › ".join(labels), field

    def get_values(self, field, values):
        """Return values as a person reads them."""
        if field is not None and (field.relational or field.name == "id"):
            return self.get_names(field, values)
        if field is not None and field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return [str(labels.get(value, value)) for value in values]
        return [self.get_value(field, value) for value in values]

    def get_names(self, field, values):
        model = field.comodel_name or field.model_name
        ids = [value for value in values if type(value) is int]
        # sudo: what a rule names is configuration, which every employee may read
        known = {record.id: record for record in self.env[model].sudo().browse(ids).exists()}
        return [
            known[value].display_name
            if type(value) is int and value in known
            else self.env._("a deleted record")
            if type(value) is int
            else str(value)
            for value in values
        ]

    def get_value(self, field, value):
        kind = field.type if field is not None else None
        if kind in ("date", "datetime"):
            return self.get_time(kind, value)
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, int | float):
            if kind == "monetary" and self.currency:
                return format_amount(self.env, value, self.currency)
            return formatLang(self.env, value, digits=0 if value == int(value) else 2)
        return str(value)

    def get_time(self, kind, value):
        try:
            if kind == "date" or isinstance(value, str) and len(value) == len("2000-01-01"):
                return format_date(self.env, Date.to_date(value))
            return format_datetime(self.env, Datetime.to_datetime(value))
        except (TypeError, ValueError):
            # "today -7d": Odoo understands it, and so do people
            return str(value)
