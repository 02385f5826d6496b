"""Promises on time: what starting, idling and alerting costs, by how many there are."""

from datetime import datetime, timedelta

from toolchain.benchmark import WITHOUT, scenario

from ._deadlines import clear, fill, get_calendar, get_policy, new_vals

MANY, OPEN, DUE = 1000, 50_000, 7000
REPEATS = 3
# A scan that finds nothing is over in a millisecond
TIMES = 50


@scenario("deadline.compute_1000", repeats=REPEATS, asked={"queries": 5, "ms": 100})
def compute(env):
    """Warning, deadline and emergency of 1,000 promises in working time."""
    from odoo.addons.order_process_control.models.deadline.working_time import Clocks

    calendar, company = get_calendar(env), env.company
    deadlines, now = env["order.deadline"], datetime.now()
    info = get_policy(env)._get_infos()[get_policy(env).id]

    def run():
        # Nobody asked this calendar before
        env.registry.clear_cache()
        clocks = Clocks(env, now)
        for minutes in range(MANY):
            clock = clocks.get(calendar.id, company.id)
            deadlines._get_moments(clock, info, now - timedelta(minutes=minutes), 480 + minutes)

    return run


@compute.reference
def compute_one_by_one(env):
    """Odoo's own way to one deadline."""
    calendar, now = get_calendar(env), datetime.now()

    def run():
        for minutes in range(MANY):
            start = now - timedelta(minutes=minutes)
            calendar.plan_hours(8 + minutes / 60, start, compute_leaves=True)

    return run


@scenario("deadline.start_1000", repeats=REPEATS)
def start(env):
    """1,000 promises with their first event, from nothing to committed."""
    clear(env)
    vals_list = new_vals(env, MANY)
    return lambda: env["order.deadline"]._start_many([dict(vals) for vals in vals_list])


@start.reference
def start_one_by_one(env):
    """Nothing but their deadlines, by Odoo's own method."""
    return compute_one_by_one(env)


def idle(count):
    def prepare(env):
        fill(env, count)
        return [env["order.deadline"]._cron_scan] * TIMES

    return prepare


# Ours with so many open, and without any: what lies there may cost nothing
scenario(f"deadline.scan_idle_{OPEN}", WITHOUT, repeats=REPEATS, asked={"queries": 5 * TIMES})(
    idle(OPEN)
).reference(idle(0))
scenario("deadline.scan_growth", WITHOUT, repeats=REPEATS, asked={"times": 1.3})(
    idle(500_000)
).reference(idle(10_000))


@scenario(f"deadline.scan_due_{DUE}", repeats=1, asked={"queries": 450})
def due(env):
    """Everything is overdue at once: alerts, notices and activities of 7,000 promises."""
    clear(env)
    fill(env, OPEN)
    start = datetime.now() - timedelta(days=30)
    env["order.deadline"]._start_many(
        [{**vals, "at": start} for vals in new_vals(env, DUE, minutes=20 * 480)]
    )
    return env["order.deadline"]._cron_scan


@due.reference
def remind_one_by_one(env):
    """What Odoo offers: an activity each, by the ORM."""
    orders = env["sale.order"].search([], limit=1)

    def run():
        for _number in range(DUE // 10):
            orders.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)

    return run
