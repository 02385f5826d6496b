"""make bench: measure our addon beside plain Odoo and beside peers. B=<prefix> takes part of the
scenarios, B="<prefix> <prefix>" several parts.

The scenarios are in scripts/bench_scenarios/*.py; the contract is in
scripts/toolchain/benchmark.py.
"""

import importlib
import logging
import sys

from toolchain import benchmark, databases, odoo_source, paths, peers, postgres, templates
from toolchain.odoo_env import close, odoo_env, prepare, use_venv
from toolchain.say import ToolchainError, line, main, note, step

SCENARIOS = paths.SCRIPTS / "bench_scenarios"
# Names of the databases with our addon: one for all scenarios, one for those that fill it
OURS, FILLED = None, "filled"
RESULTS = paths.ROOT / "bench" / "results.json"


def load(*prefixes):
    """The registered scenarios whose name starts with one of the prefixes; all without any."""
    for file in sorted(SCENARIOS.glob("*.py")):
        if not file.stem.startswith("_"):
            importlib.import_module(f"{SCENARIOS.name}.{file.stem}")
    scenarios = list(benchmark.REGISTRY.values())
    for prefix in prefixes:
        if not any(one.name.startswith(prefix) for one in scenarios):
            known = ", ".join(sorted({one.name for one in scenarios}))
            raise ToolchainError(f"No scenario's name starts with {prefix!r}. There are: {known}")
    return [one for one in scenarios if one.name.startswith(prefixes or "")]


def make_databases(server, odoo, scenarios):
    """One database with our addon, one for each reference: {reference: name}."""
    references = sorted({one.against for one in scenarios})
    with_addon = [OURS, *([FILLED, benchmark.WITHOUT] if benchmark.WITHOUT in references else [])]
    ours = templates.prefix(server) + "bench"
    names = {OURS: ours}
    with step("Preparing databases"):
        addon = templates.ensure_addon(server, odoo)
        for reference in dict.fromkeys([*with_addon, *references]):
            names.setdefault(reference, f"{ours}_{reference}")
            if reference in with_addon:
                databases.copy(server, addon, names[reference])
            else:
                peers.database(server, odoo, reference, names[reference])
    return names


def run():
    use_venv()
    scenarios = load(*" ".join(sys.argv[1:]).split())
    paths.make_folders()
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        if any(one.against in peers.PEERS for one in scenarios):
            peers.ensure_installed()
        names = make_databases(server, odoo, scenarios)
    prepare(odoo, server, extra_addons=[peers.ADDONS] if peers.ADDONS.is_dir() else [])
    # Pages of what Odoo and the peers should no longer use would hide the table
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    results = [measure(one, names) for one in scenarios]
    line("\n" + benchmark.table(results))
    benchmark.save(results, RESULTS)
    line(f"\nWritten to {RESULTS.relative_to(paths.ROOT)}")
    for name in names.values():
        close(name)
        databases.drop(server, name)


def measure(scenario, names):
    note(f"measuring {scenario.name}")
    own = FILLED if scenario.against == benchmark.WITHOUT else OURS
    with odoo_env(names[own]) as ours, odoo_env(names[scenario.against]) as theirs:
        sides = [(ours, scenario.ours), (theirs, scenario.theirs)]
        measured = benchmark.measure(sides, scenario.repeats, scenario.documents)
        return benchmark.result(scenario, *measured)


if __name__ == "__main__":
    main(run)
