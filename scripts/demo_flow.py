"""make demo-flow: a file of orders on its way from the import to the delivery, in the demo
database that make run shows.

What is done stays: one line for each order says what became of it, and Odoo shows the rest. Played
again, the same file makes new orders.
"""

import contextlib
import importlib.util
import sys
import time

from toolchain import demo, odoo_source, paths, postgres, serve, templates
from toolchain.odoo_env import odoo_env, prepare, use_venv
from toolchain.say import line, main, note, step


def load_flow():
    """The player lives with the tests, whose package would start Odoo's test framework."""
    spec = importlib.util.spec_from_file_location(
        "order_flow", paths.ADDON_DIR / "tests" / "flow.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def demo_database():
    """The demo database, up to date; one that is in use by make run is taken as it is."""
    server, odoo = postgres.start(), odoo_source.locate()
    running = serve.running()
    if running:
        note(f"Odoo is running at {running['url']}: its demo database is used as it is.")
        database = templates.prefix(server) + "demo"
    else:
        database = demo.ensure(server, odoo)
    prepare(odoo, server)
    return database


def run():
    use_venv()
    paths.make_folders()
    with templates.lock() if not serve.running() else contextlib.nullcontext():
        database = demo_database()
    flow = load_flow()
    with odoo_env(database, user=None) as env, step("Playing the sample file of orders"):
        started = time.monotonic()
        player = flow.OrderFlow(env)
        player.play(after_act=env.cr.commit)
        seconds = time.monotonic() - started
        lines, summary = player.get_lines(), player.get_summary()
    line("\n".join(["", *lines, "", *summary, ""]))
    note(f"Played in {seconds:.0f} s. Their reference ends with ({player.run}).")
    note("Look at them: make run, then log in as seller, finance, warehouse ...")


if __name__ == "__main__":
    main(run)
