"""Does Odoo's own test runner see the tests that pytest sees?

pytest collects every test_*.py. Odoo imports ``tests`` and takes the modules that it finds in it as
attributes named test_* (odoo/tests/loader.py): a module must be imported by its folder's
__init__.py and passed on by ``from .<folder> import *``; of two modules with the same name only the
last one remains.
"""

import ast

from .rules import Problem


def problems(addon):
    tests = addon / "tests"
    if not tests.is_dir():
        return
    visible = exposed(tests)
    for file in sorted(tests.rglob("test_*.py")):
        if "__pycache__" in file.parts or visible.get(file.stem) == file:
            continue
        yield Problem(file, 1, reason(tests, file, visible))


def reason(tests, file, visible):
    """Why Odoo's runner does not see the file, in the order in which a person would mend it."""
    folder = file.parent
    init = folder / "__init__.py"
    if not init.is_file():
        return f"not seen by Odoo's test runner: {folder.name}/ has no __init__.py"
    if exposed(folder).get(file.stem) != file:
        return f"not seen by Odoo's test runner: {folder.name}/__init__.py does not import it"
    other = visible.get(file.stem)
    if other:
        return f"not seen by Odoo's test runner: {other.parent.name}/{other.name} has the same name"
    path = ".".join(folder.relative_to(tests).parts)
    return f"not seen by Odoo's test runner: tests/__init__.py lacks 'from .{path} import *'"


def exposed(package):
    """{name: file} of the modules that importing the package leaves in it as attributes."""
    init = package / "__init__.py"
    if not init.is_file():
        return {}
    names, public = {}, None
    for node in ast.parse(init.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names.update(imported_modules(package, node))
        elif isinstance(node, ast.Assign) and is_all(node):
            public = set(ast.literal_eval(node.value))
    if public is not None:
        names = {name: file for name, file in names.items() if name in public}
    return names


def imported_modules(package, node):
    folder = package.joinpath(*node.module.split(".")) if node.module else package
    if any(alias.name == "*" for alias in node.names):
        return exposed(folder)
    found = {}
    for alias in node.names:
        file = folder / f"{alias.name}.py"
        if file.is_file():
            found[alias.asname or alias.name] = file
    return found


def is_all(node):
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
