"""make mutate: does a test notice when a guard is gone?

    make mutate             all guards
    make mutate M=ticket    those with "ticket" in their name

Each guard of mutations.py is taken out of a copy of the addon, or of a database, and its tests are
run until the first that fails. The working tree is left alone. One line for each; the command
fails when a guard could go without being missed.
"""

import ast
import os
import shutil
import subprocess
import sys

from mutations import MUTATIONS, Check, Guard
from toolchain import (
    databases,
    odoo_config,
    odoo_source,
    paths,
    postgres,
    pytest_plugin,
    templates,
)
from toolchain.odoo_env import use_venv
from toolchain.say import ToolchainError, line, main, note

FOLDER = paths.VAR / "mutate"
TESTS_FAILED = 1


def run():
    use_venv()
    chosen = [m for m in MUTATIONS if " ".join(sys.argv[1:]) in m.name]
    if not chosen:
        raise ToolchainError("No guard is called so: see scripts/mutations.py.")
    paths.make_folders()
    with templates.lock(), postgres.session() as server:
        odoo = odoo_source.locate()
        template = templates.ensure_addon(server, odoo)
        missed = [
            mutation for mutation in chosen if not is_noticed(server, odoo, template, mutation)
        ]
    note(f"{len(chosen) - len(missed)} of {len(chosen)} guards are missed when they are gone")
    return 1 if missed else 0


def is_noticed(server, odoo, template, mutation):
    """Take the guard away, run its tests, and tell whether one of them failed."""
    root, database = FOLDER / "root", templates.prefix(server) + "mutate"
    copy_addon(root)
    databases.copy(server, template, database)
    try:
        apply(server, database, root, mutation)
        code = run_tests(server, odoo, root, database, mutation)
    finally:
        databases.drop(server, database)
    if code not in (0, TESTS_FAILED):
        raise ToolchainError(
            f"{mutation.name}: the tests could not be run; see {log_file(mutation)}"
        )
    line(f"{'noticed   ' if code else 'UNNOTICED '}  {mutation.name}")
    return bool(code)


def copy_addon(root):
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    shutil.copytree(paths.ADDON_DIR, root / paths.ADDON)
    shutil.copy(paths.ROOT / "pyproject.toml", root)
    (root / "scripts").symlink_to(paths.SCRIPTS)


def apply(server, database, root, mutation):
    if isinstance(mutation, Guard):
        disarm(root / paths.ADDON / mutation.file, mutation)
    elif isinstance(mutation, Check):
        sql = f"ALTER TABLE {mutation.table} DROP CONSTRAINT {mutation.constraint}"
        postgres.execute(server, sql, database=database)
    else:
        postgres.execute(server, mutation.sql, [mutation.xmlid], database=database)


def disarm(file, mutation):
    """Let the method return its answer before anything else."""
    text = file.read_text()
    methods = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == mutation.method
    ]
    if not methods:
        raise ToolchainError(f"{mutation.file} has no {mutation.method}.")
    lines = text.splitlines(keepends=True)
    for method in sorted(methods, key=lambda node: -node.lineno):
        first = method.body[0]
        lines.insert(first.lineno - 1, f"{' ' * first.col_offset}return {mutation.answer}\n")
    file.write_text("".join(lines))


def run_tests(server, odoo, root, database, mutation):
    config = odoo_config.write(
        odoo, server, FOLDER / "odoo.conf", extra_addons=[root], max_cron_threads=0
    )
    environ = odoo_config.environment(odoo, server)
    environ |= {pytest_plugin.DATABASE: database, pytest_plugin.PART: "quiet"}
    environ |= {"PYTHONPATH": os.pathsep.join([str(paths.SCRIPTS), environ["PYTHONPATH"]])}
    tests = [f"{paths.ADDON}/tests/{name}" for name in mutation.tests.split()]
    command = [
        *(str(paths.PYTHON), "-m", "pytest", "-x", "-q", "-p", "no:xdist"),
        *("-p", "toolchain.pytest_plugin", f"--odoo-config={config}", "--odoo-http", *tests),
    ]
    with open(log_file(mutation), "w") as log:
        return subprocess.run(
            command, env=environ, cwd=root, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ).returncode


def log_file(mutation):
    name = mutation.name.replace("/", ".")
    return paths.LOGS / f"mutate-{name}.log"


if __name__ == "__main__":
    sys.exit(main(run))
