"""make run: Odoo 19 with the addon and its demo data, from nothing, in the foreground."""

import os
import signal

from toolchain import demo, odoo_source, paths, postgres, serve, templates
from toolchain.say import ToolchainError, line, main, note, step


def run():
    paths.make_folders()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    already = serve.running()
    if already:
        raise ToolchainError(
            f"Odoo is running already: {already['url']}  (stop it with: make stop)"
        )
    port = choose_port(os.environ.get("PORT"))
    with templates.lock():
        with step(postgres.title()):
            server = postgres.start()
        odoo = odoo_source.locate()
        note(f"Odoo {odoo.version} ({odoo.origin}); PostgreSQL: {server.describe()}")
        database = demo.ensure(server, odoo)
    serve_until_interrupted(odoo, server, database, port)


def choose_port(wanted):
    port = serve.free_port(wanted)
    if not wanted and port != serve.FIRST_PORT:
        note(f"Port {serve.FIRST_PORT} is in use by another program; taking {port}.")
    return port


def serve_until_interrupted(odoo, server, database, port):
    process = serve.OdooServer(odoo, server, database, port)
    try:
        with step("Starting Odoo"):
            process.start()
            process.wait_until_ready()
        line(welcome(process, demo.logins(server, database)))
        code = process.wait()
        if code not in (0, -signal.SIGTERM):
            raise ToolchainError(f"Odoo ended by itself (exit code {code}):\n{process.tail()}")
        line("Odoo was stopped.")
    except KeyboardInterrupt:
        line("\n==> Stopping Odoo ...")
    finally:
        process.stop()
        if server.mode == "embedded" and postgres.idle(server):
            postgres.stop()


def welcome(process, logins):
    width = max(len(row[0]) for row in logins)
    names = max(len(row[2]) for row in logins)
    rows = [
        f"    {login:<{width}}  {password:<{width}}  {name:<{names}}  {roles}"
        for login, password, name, roles in logins
    ]
    head = f"    {'login':<{width}}  {'password':<{width}}  {'who':<{names}}  roles"
    return "\n".join(
        [
            "",
            f"  Odoo answers at  {process.url}/odoo",
            "",
            head,
            *rows,
            "",
            f"  Log: {os.path.relpath(process.log, paths.ROOT)}",
            "  To stop: Ctrl-C here, or 'make stop' in another terminal.",
            "  Your data stays for the next time; 'make clean' removes everything.",
            "",
        ]
    )


if __name__ == "__main__":
    main(run)
