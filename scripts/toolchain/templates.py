"""Three generations of databases, so that a test run starts in seconds.

* base: Odoo with everything the addon depends on, and demo data (minutes, rarely made),
* addon: a copy of base with the addon installed (made anew when the addon's code or data changed),
* run: copies of addon, thrown away.

There is a second line of them with more of Odoo's apps than the addon needs (MORE_APPS): some tests
are about what happens beside those.

A template gets its name only when it is whole; the name carries the hash of what it was made from.
"""

import contextlib
import fcntl
import hashlib
import subprocess

from . import addon, databases, install_log, odoo_config, paths, postgres
from .say import ToolchainError, note, step

RECIPE = "1"  # raise it when the way templates are made changes
KEPT = 2
HASH_LENGTH = 10
MORE_APPS = ("sale_expense", "sale_margin", "sale_mrp")


def prefix(server):
    """Names on a server of our own are simple; on a shared one they tell the clones apart."""
    if server.mode == "embedded":
        return "opc_"
    return f"opc_{hashlib.sha256(str(paths.ROOT).encode()).hexdigest()[:6]}_"


@contextlib.contextmanager
def lock():
    """One run at a time prepares databases in this clone."""
    paths.make_folders()
    with open(paths.VAR / "databases.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note("another make test or make run is preparing its databases; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def short_hash(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:HASH_LENGTH]


def kind(base, apps):
    return f"more_{base}_" if apps else f"{base}_"


def base_name(server, odoo, apps=()):
    made_of = short_hash(RECIPE, odoo.revision, ",".join([*addon.depends(), *apps]))
    return prefix(server) + kind("base", apps) + made_of


def addon_name(server, odoo, apps=()):
    made_of = short_hash(base_name(server, odoo, apps), addon.content_hash())
    return prefix(server) + kind("addon", apps) + made_of


def ensure_base(server, odoo, apps=()):
    """The template without the addon, with more apps than it depends on if there are any."""
    name = base_name(server, odoo, apps)
    if not databases.exists(server, name):
        part = f"{name}_part"
        databases.drop(server, part)
        if apps:
            databases.copy(server, ensure_base(server, odoo), part)
            with step(f"Installing more of Odoo's apps (a minute, once): {', '.join(apps)}"):
                install(server, odoo, part, apps, "more")
        else:
            with step("Installing Odoo's own modules with demo data (two to four minutes, once)"):
                install(server, odoo, part, addon.depends(), "base", "--with-demo")
        check_demo(server, part)
        databases.rename(server, part, name)
        forget_old(server, prefix(server) + kind("base", apps))
    return name


def ensure_bare(server, odoo):
    """What the addon depends on, without demo data: as a company's own database begins."""
    name = prefix(server) + f"bare_{short_hash(RECIPE, odoo.revision, *addon.depends())}"
    if not databases.exists(server, name):
        part = f"{name}_part"
        databases.drop(server, part)
        with step("Installing Odoo's own modules without demo data (two to four minutes, once)"):
            install(server, odoo, part, addon.depends(), "bare")
        databases.rename(server, part, name)
        forget_old(server, prefix(server) + "bare_")
    return name


def ensure_addon(server, odoo, apps=()):
    """The template with the addon as it is now."""
    name = addon_name(server, odoo, apps)
    if not databases.exists(server, name):
        base = ensure_base(server, odoo, apps)
        part = f"{name}_part"
        with step(f"Installing {paths.ADDON} with its demo data"):
            databases.copy(server, base, part)
            log = install(server, odoo, part, [paths.ADDON], "addon")
            refuse_complaints(log, "installing")
            check_demo(server, part)
        databases.rename(server, part, name)
        forget_old(server, prefix(server) + kind("addon", apps))
    return name


def install(server, odoo, database, modules, kind, *options, extra_addons=()):
    arguments = ["-d", database, "-i", ",".join(modules), *options]
    return call_odoo(server, odoo, kind, arguments, extra_addons)


def update(server, odoo, database):
    log = call_odoo(server, odoo, "update", ["-d", database, "-u", paths.ADDON])
    refuse_complaints(log, "updating")


def call_odoo(server, odoo, kind, arguments, extra_addons=()):
    """Run Odoo until it is done; return its log."""
    file = paths.VAR / f"odoo-{kind}.conf" if extra_addons else paths.CONFIG
    config = odoo_config.write(odoo, server, file, extra_addons)
    argv = odoo_config.command(
        *arguments, "--stop-after-init", "--no-http", "--max-cron-threads=0", config=config
    )
    file = paths.LOGS / f"install-{kind}.log"
    with open(file, "w") as output:
        result = subprocess.run(
            argv,
            env=odoo_config.environment(odoo, server),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
        )
    log = file.read_text(errors="replace")
    if result.returncode or "CRITICAL" in log:
        tail = "\n".join(log.splitlines()[-40:])
        raise ToolchainError(f"Odoo could not install {arguments[3]}. The end of {file}:\n{tail}")
    return log


def refuse_complaints(log, doing):
    complaints = install_log.complaints(log)
    if complaints:
        listed = "\n".join(f"  {entry}" for entry in complaints)
        raise ToolchainError(f"Odoo complained while {doing} {paths.ADDON}:\n{listed}")


def check_demo(server, database):
    """Odoo goes on without demo data when loading fails; a template without it would fail in odd
    places later.
    """
    failures = postgres.execute(
        server,
        "SELECT m.name, f.error FROM ir_demo_failure f JOIN ir_module_module m ON m.id = module_id",
        database=database,
    )
    without = postgres.execute(
        server,
        "SELECT name FROM ir_module_module WHERE state = 'installed' AND NOT demo",
        database=database,
    )
    if failures or without:
        listed = "\n".join(
            [*(f"{name}:\n{error}" for name, error in failures), *(name for (name,) in without)]
        )
        raise ToolchainError(f"Demo data could not be loaded for:\n{listed}")


def forget_old(server, start):
    """Templates of earlier code fill the disk: keep the newest."""
    rows = postgres.execute(server, "SELECT datname FROM pg_database ORDER BY oid DESC")
    names = [name for (name,) in rows if name.startswith(start)]
    for name in names[KEPT:]:
        databases.drop(server, name)
