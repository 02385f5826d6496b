"""make demo-flow: walk one order through its life in a copy of the demo database, saying what
happens.

Nothing of it stays: the copy is dropped at the end. Steps are functions of (env, state), in the
order of this file.
"""

from toolchain import databases, odoo_source, paths, postgres, templates
from toolchain.odoo_env import close, odoo_env, prepare, use_venv
from toolchain.say import line, main, note, step

STEPS = []


def flow_step(title):
    def register(function):
        STEPS.append((title, function))
        return function

    return register


@flow_step("The customer orders")
def customer_orders(env, state):
    from bench_scenarios.confirm import new_order

    state["order"] = new_order(env)
    note(f"{state['order'].name}: {state['order'].amount_total:.2f}, state {state['order'].state}")


def run():
    use_venv()
    paths.make_folders()
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        name = templates.prefix(server) + "flow"
        with step("Copying the demo data"):
            databases.copy(server, templates.ensure_addon(server, odoo), name)
    prepare(odoo, server)
    try:
        with odoo_env(name) as env:
            state = {}
            for number, (title, function) in enumerate(STEPS, 1):
                line(f"\n{number}. {title}")
                function(env, state)
    finally:
        close(name)
        databases.drop(server, name)


if __name__ == "__main__":
    main(run)
