"""make scale: two Odoo servers of several processes, one database and a replica of it, tried for
real on this machine. What was seen is printed; a broken expectation ends with an error.

The database is a copy of the demo's; servers, replica and copy are gone afterwards.
"""

import concurrent.futures
import contextlib
import re
import statistics
import sys
import time

from toolchain import databases, demo, odoo_source, paths, postgres, replica, serve, templates
from toolchain.browsing import Browsing, Refused
from toolchain.odoo_env import use_venv
from toolchain.say import ToolchainError, line, main, note, step

DATABASE = "scale"
LOGINS = ("seller", "sales_manager", "finance", "production", "logistics", "service", "auditor")
PORTAL_PAGES = ("/my", "/my/orders", "/my/tickets")
TICKETS = 50
SCAN_SECONDS = 180
# A page that wrote something although it may be read on the replica
WROTE = "retrying with a read/write cursor"
# A line of Odoo's log: what was asked for, and which cursor answered
REQUEST = re.compile(r'"(?:GET|POST) (\S+) HTTP\S+" \d+ .* (ro|rw|ro->rw)$', re.MULTILINE)
# Pages of Odoo that write: the time of a login, the keys of orders
ON_THE_PRIMARY = {"/web/login", "/odoo", "/my", "/my/orders"}
TROUBLE = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) .*", re.MULTILINE)


class Machine(serve.OdooServer):
    """One of several servers: processes of its own, the database and the files of all."""

    def __init__(self, odoo, server, database, port, copy):
        super().__init__(
            odoo,
            server,
            database,
            port,
            state=paths.VAR / f"scale-{port}.json",
            log=paths.LOGS / f"scale-{port}.log",
            cron_threads=2,
            options=(
                *("--workers=2", f"--gevent-port={port + 1}"),
                *(f"--db_replica_host={copy.server.host}", f"--db_replica_port={copy.server.port}"),
            ),
        )


class Trial:
    def __init__(self, server, odoo, database):
        self.server, self.database = server, database
        self.replica = replica.Replica(server)
        first = serve.free_port()
        self.machines = [
            Machine(odoo, server, database, port, self.replica)
            for port in (first + 100, first + 110)
        ]

    def get_actions(self, names):
        """What is tried: everything, or what is named."""
        everything = (self.read, self.write, self.lag, self.scan, self.lose)
        chosen = [action for action in everything if action.__name__ in names]
        return chosen or everything

    @contextlib.contextmanager
    def running(self):
        try:
            self.only_own_actions()
            self.replica.make()
            for machine in self.machines:
                machine.start()
            for machine in self.machines:
                machine.wait_until_ready()
            yield
        finally:
            for machine in self.machines:
                machine.stop()
            self.replica.remove()

    def only_own_actions(self):
        """Odoo's own scheduled actions can get into each other's way: here they rest."""
        self.sql(
            "UPDATE ir_cron SET active = FALSE WHERE id NOT IN"
            " (SELECT res_id FROM ir_model_data WHERE module = %s AND model = 'ir.cron')",
            paths.ADDON,
        )

    def sql(self, query, *parameters, server=None):
        return postgres.execute(server or self.server, query, parameters, database=self.database)

    def one(self, query, *parameters, server=None):
        return self.sql(query, *parameters, server=server)[0][0]

    def log_in(self, login, number=0):
        return Browsing(self.machines[number].url, self.database, login)

    def get_log(self):
        return "".join(machine.log.read_text(errors="replace") for machine in self.machines)

    # === READING ===#

    def read(self):
        """Every screen of every role on the one server, the portal on the other."""
        people = [self.log_in(login, number % 2) for number, login in enumerate(LOGINS)]
        customer = self.log_in("portal", 1)
        for person in people:
            person.open_all_screens()
        orders = people[0].call("sale.order", "search", [("review_state", "!=", False)], limit=5)
        for order in orders:
            people[0].call("sale.order", "action_explain_gate", [order])
        for page in PORTAL_PAGES:
            customer.page(page)
        times = [t for who in (*people, customer) for name in who.times.values() for t in name]
        note(
            f"{len(times)} screens and pages in {min(times):.0f} to {max(times):.0f} ms,"
            f" median {statistics.median(times):.0f} ms"
        )
        requests = REQUEST.findall(self.get_log())
        copied = [path for path, cursor in requests if cursor == "ro"]
        others = {path.split("?")[0] for path, cursor in requests if cursor != "ro"}
        note(f"{len(copied)} of {len(requests)} requests were read on the replica")
        note(f"on the primary: {', '.join(sorted(others))}")
        expect(others <= ON_THE_PRIMARY, f"{others - ON_THE_PRIMARY} are read on the primary")
        expect(WROTE not in self.get_log(), "a page that should only read has written")

    # === WRITING ===#

    def write(self):
        """Both servers make tickets at the same time; each is there once, with its number."""
        agents = [self.log_in("service", number) for number in (0, 1)]
        values = {
            "partner_id": self.one("SELECT min(partner_id) FROM sale_order WHERE state = 'sale'"),
            "category_id": self.one("SELECT min(id) FROM order_ticket_category"),
        }

        def create(number):
            return agents[number % 2].call(
                "order.ticket", "create", [{"subject": f"Trial {number}", **values}]
            )

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            made = [ids[0] for ids in pool.map(create, range(TICKETS))]
        rows = self.sql("SELECT id, name FROM order_ticket WHERE id = ANY(%s)", made)
        expect(
            len({name for _id, name in rows}) == TICKETS, "tickets are missing or share a number"
        )
        seconds = self.replica.wait_until_even()
        count = "SELECT count(*) FROM order_ticket WHERE id = ANY(%s)"
        expect(
            self.one(count, made, server=self.replica.server) == TICKETS, "the replica lost some"
        )
        note(f"{TICKETS} tickets from both servers, all there; replica even in {seconds:.2f} s")

    # === A REPLICA THAT LAGS ===#

    def lag(self):
        """Decisions are taken on the primary, whatever the screen showed."""
        first, second = self.log_in("production", 0), self.log_in("production", 1)
        mine = [("can_decide", "=", True)]
        signoff = second.call("order.signoff", "search", mine, limit=1)[0]
        self.replica.pause()
        try:
            first.call("order.signoff", "action_reject", [signoff], "No capacity before the fair.")
            seen = second.call("order.signoff", "read", [signoff], ["state"])[0]["state"]
            expect(seen == "pending", "the replica did not lag: nothing was tried")
            try:
                second.call("order.signoff", "action_approve", [signoff], "All well.")
            except Refused as refused:
                note(f"a decision on a screen that is behind is refused: {refused}")
            else:
                raise ToolchainError("A sign-off was decided twice.")
        finally:
            self.replica.resume()
        self.replica.wait_until_even()
        seen = second.call("order.signoff", "read", [signoff], ["state"])[0]["state"]
        expect(seen == "rejected", "the decision was lost")
        order = self.one("SELECT order_id FROM order_signoff WHERE id = %s", signoff)
        self.log_in("auditor", 1).call("sale.order", "action_verify_ledger", [order])

    # === SCHEDULED ACTIONS ===#

    def scan(self):
        """Four cron processes of two servers find many promises late; nobody is told twice."""
        late = self.sql(
            """UPDATE order_deadline
                  SET next_alert_at = now() AT TIME ZONE 'UTC',
                      deadline = (now() AT TIME ZONE 'UTC') - interval '30 days'
                WHERE state = 'running' RETURNING id"""
        )
        ids = [id_ for (id_,) in late]
        self.sql("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE active")
        postgres.execute(self.server, f"NOTIFY cron_trigger, '{self.database}'")
        waiting = (
            "SELECT count(*) FROM order_deadline WHERE id = ANY(%s) AND next_alert_at <= now()"
        )
        started = time.monotonic()
        while self.one(waiting, ids):
            expect(time.monotonic() < started + SCAN_SECONDS, "the scheduled actions do not come")
            time.sleep(0.5)
        alerts = self.sql(
            "SELECT deadline_id, count(*) FROM order_alert WHERE deadline_id = ANY(%s)"
            " GROUP BY deadline_id",
            ids,
        )
        expect(all(count == 1 for _id, count in alerts), "a promise has two alerts")
        twice = self.sql(
            "SELECT 1 FROM order_alert_notice GROUP BY alert_id, user_id, level HAVING count(*) > 1"
        )
        expect(not twice, "somebody was told twice")
        note(f"{len(ids)} promises made late: {len(alerts)} alerts, each once")

    # === A REPLICA THAT IS GONE ===#

    def lose(self):
        """Without its replica each server reads from the primary."""
        people = [self.log_in(login, number) for number, login in enumerate(("seller", "finance"))]
        self.replica.stop()
        for person in people:
            person.open_all_screens()
        times = [time for who in people for name in who.times.values() for time in name]
        note(f"the replica is gone: {len(times)} screens, the slowest in {max(times):.0f} ms")

    def check_logs(self):
        """Nothing went wrong behind the scenes."""
        troubles = TROUBLE.findall(self.get_log())
        expect(not troubles, "the log has errors:\n" + "\n".join(troubles[:10]))


def expect(condition, trouble):
    if not condition:
        raise ToolchainError(f"Not as expected: {trouble}.")


@contextlib.contextmanager
def trial_database(server, odoo):
    """A copy of the demo database, for this trial alone."""
    source = demo.ensure(server, odoo)
    name = templates.prefix(server) + DATABASE
    databases.copy(server, source, name)
    try:
        yield name
    finally:
        databases.drop(server, name)


def run():
    use_venv()
    paths.make_folders()
    if postgres.choose().mode != "embedded":
        raise ToolchainError("The trial starts a replica: it works with our own PostgreSQL only.")
    with postgres.session() as server, templates.lock():
        odoo = odoo_source.locate()
        with trial_database(server, odoo) as database:
            trial = Trial(server, odoo, database)
            with trial.running():
                for action in trial.get_actions(sys.argv[1:]):
                    with step(action.__doc__.split("\n")[0].rstrip(".")):
                        action()
                trial.check_logs()
    line("Several servers and a replica: everything was as expected.")


if __name__ == "__main__":
    main(run)
