"""Open promises by the thousand."""

from datetime import datetime, timedelta

from ._orders import get_user

PEOPLE = 20


def get_calendar(env):
    """Forty hours a week, with lunch breaks, as a new company has them."""
    return env["resource.calendar"].search([("name", "=", "Bench hours")]) or env[
        "resource.calendar"
    ].create({"name": "Bench hours", "tz": "Europe/Berlin"})


def get_policy(env):
    policies = env["order.deadline.policy"]
    return policies.search([("name", "=", "Bench promise")]) or policies.create(
        {
            "name": "Bench promise",
            "clock": "answer",
            "time_basis": "working",
            "calendar_id": get_calendar(env).id,
            "line_ids": [(0, 0, {"minutes": 480})],
        }
    )


def new_vals(env, count, **vals):
    """Promises of twenty people about some partner."""
    policy, partner = get_policy(env), env["res.partner"].search([], limit=1)
    people = [get_user(env, f"bench_promise_{n}", "base.group_user").id for n in range(PEOPLE)]
    return [
        {
            "record": partner,
            "clock": "answer",
            "policy": policy,
            "name": f"Promise {number}",
            "company_id": env.company.id,
            "user_id": people[number % PEOPLE],
            **vals,
        }
        for number in range(count)
    ]


def clear(env):
    """Take away the promises of other scenarios, as no method does."""
    for table in ("order_alert_notice", "order_alert", "order_deadline"):
        env.cr.execute(f"DELETE FROM {table}")
    env.cr.execute("DELETE FROM mail_activity WHERE res_model = 'order.alert'")
    env.invalidate_all()


def fill(env, count):
    """Let there be exactly so many open promises, none of them due within days."""
    env.cr.execute("SELECT count(*) FROM order_deadline WHERE name = 'Filled'")
    if env.cr.fetchone()[0] == count:
        return
    clear(env)
    at = datetime.now() + timedelta(days=3)
    partner = env["res.partner"].search([], limit=1)
    env.cr.execute(
        """INSERT INTO order_deadline (name, clock, res_model, res_id, company_id, minutes,
                  started_at, warn_at, deadline, next_alert_at, state, alert_level, failures)
           SELECT 'Filled', 'answer', 'res.partner', %s, %s, 480, %s, later.at, later.at, later.at,
                  'running', 0, 0
             FROM (SELECT %s + number * interval '1 second' AS at
                     FROM generate_series(1, %s) AS number) AS later""",
        [partner.id, env.company.id, datetime.now(), at, count],
    )
    env.cr.commit()
    env.cr.execute("ANALYZE order_deadline")
    env.cr.commit()
    env.invalidate_all()
