"""What Python code tells: models and fields that a room defines, and what it uses of others."""

import ast
import dataclasses

from .rules import Problem, room_of

FIELD_MODULE = "fields"
RELATIONAL = {"Many2one", "One2many", "Many2many", "Reference"}
# Odoo's own fields that a room may declare again (to track or recompute them): nobody's property.
ODOO_FIELDS = {
    "amount_total", "amount_untaxed", "client_order_ref", "commitment_date", "company_id",
    "currency_id", "date_deadline", "date_order", "expected_date", "fiscal_position_id",
    "incoterm_location", "medium_id", "order_id", "order_line", "origin_id", "partner_id",
    "partner_invoice_id", "partner_shipping_id", "payment_term_id", "pricelist_id",
    "price_unit", "product_id", "product_uom_id", "product_uom_qty", "scheduled_date",
    "tag_ids", "team_id", "user_id", "validity_date", "warehouse_id",
}  # fmt: skip


@dataclasses.dataclass
class Definitions:
    """Who owns what: model name -> {room: (file, line)}, field name -> {rooms}; ``declared`` are
    the fields of a room's own models: as common names there as elsewhere."""

    models: dict = dataclasses.field(default_factory=dict)
    fields: dict = dataclasses.field(default_factory=dict)
    declared: dict = dataclasses.field(default_factory=dict)

    def owner(self, model):
        rooms = self.models.get(model, {})
        return next(iter(rooms)) if len(rooms) == 1 else None

    def field_owner(self, name):
        rooms = self.fields.get(name, set())
        return next(iter(rooms)) if len(rooms) == 1 else None


def collect(rules):
    """Read all rooms once to learn who defines what."""
    found = Definitions()
    for room, file in rules.files("*.py"):
        if file.relative_to(rules.addon).parts[0] == "tests":
            continue
        for node in ast.walk(parse(file)):
            if isinstance(node, ast.ClassDef):
                collect_class(found, room, file, node)
    return found


def parse(file):
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def collect_class(found, room, file, node):
    name, inherits = model_names(node)
    own = name is not None and name not in inherits
    if own:
        found.models.setdefault(name, {}).setdefault(room, (file, node.lineno))
        for field in own_fields(node):
            found.declared.setdefault(field, set()).add(room)
    elif inherits:
        for field in own_fields(node):
            found.fields.setdefault(field, set()).add(room)


def model_names(node):
    """(_name, [_inherit ...]) of a class body; constants only."""
    name, inherits = None, []
    for statement in node.body:
        for target, value in assignments(statement):
            if target == "_name":
                name = constant(value)
            elif target == "_inherit":
                values = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
                inherits = [text for text in map(constant, values) if text]
    return name, inherits


def assignments(statement):
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, statement.value


def constant(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def own_fields(node):
    """Fields that this class adds, as far as the code tells: not Odoo's fields declared again."""
    for statement in node.body:
        for name, value in assignments(statement):
            if name not in ODOO_FIELDS and "_" in name.strip("_") and is_new_field(value):
                yield name


def is_new_field(node):
    """``fields.X(...)`` that says what it is; a relation without comodel only changes one."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if not (isinstance(node.func.value, ast.Name) and node.func.value.id == FIELD_MODULE):
        return False
    given = {keyword.arg for keyword in node.keywords}
    if node.func.attr in RELATIONAL:
        return bool(node.args or given & {"comodel_name", "related", "selection"})
    if node.func.attr == "Selection":
        return bool(node.args or given & {"selection", "related"})
    return True


def double_definitions(rules, found):
    for model, rooms in sorted(found.models.items()):
        if len(rooms) > 1:
            file, line = list(rooms.values())[-1]
            yield Problem(file, line, f"model '{model}' is defined in rooms {' and '.join(rooms)}")


def problems(rules, found):
    for room, file in rules.files("*.py"):
        tree = parse(file)
        yield from import_problems(rules, room, file, tree)
        yield from use_problems(rules, found, room, file, tree)


def import_problems(rules, room, file, tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            others = {room_of(parts, rules.may_use) for parts in imported(rules, file, node)}
            for other in sorted(filter(None, others)):
                if not rules.permits(room, other):
                    yield rules.breach(file, node.lineno, room, other, "import")


def imported(rules, file, node):
    """The paths inside the addon, as parts, that an import may name."""
    prefix = ("odoo", "addons", rules.addon.name)
    if isinstance(node, ast.Import):
        names = [tuple(alias.name.split(".")) for alias in node.names]
    elif node.level:
        package = file.parent.relative_to(rules.addon).parts
        base = package[: len(package) - node.level + 1]
        base += tuple(node.module.split(".")) if node.module else ()
        names = [prefix + base + (alias.name,) for alias in node.names]
    else:
        names = [(*node.module.split("."), alias.name) for alias in node.names]
    return [name[len(prefix) :] for name in names if name[: len(prefix)] == prefix]


def use_problems(rules, found, room, file, tree):
    docstrings = set(docstring_nodes(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield from field_problem(rules, found, room, file, node.lineno, node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node in docstrings:
                continue
            other = found.owner(node.value)
            if not rules.permits(room, other):
                yield rules.breach(file, node.lineno, room, other, f"model '{node.value}'")
            elif node.value.replace(".", "_").isidentifier():
                for part in node.value.split("."):
                    yield from field_problem(rules, found, room, file, node.lineno, part)


def field_problem(rules, found, room, file, line, name):
    other = found.field_owner(name)
    if any(rules.permits(room, known) for known in found.declared.get(name, ())):
        return
    if not rules.permits(room, other):
        yield rules.breach(file, line, room, other, f"field '{name}'")


def docstring_nodes(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
