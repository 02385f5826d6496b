"""A customer's list of 50,000 tickets beside Odoo's own list of as many orders: whole pages, as the
server answers a browser. What they ask the database is in other transactions and is not counted.
"""

from toolchain.benchmark import scenario

from ._orders import get_goods, get_user

COUNT = 50_000
# A page is over in some hundred milliseconds
TIMES = 5
# What Odoo puts on one page
ROWS = 80
LOGIN = "bench_customer"


@scenario("ticket.portal_50000", asked={"times": 1.2})
def my_tickets(env):
    customer = get_customer(env)
    if "order.ticket" in env and env["order.ticket"].search_count([], limit=COUNT) < COUNT:
        fill_tickets(env, customer)
    return lambda: show(env, customer, "/my/tickets")


@my_tickets.reference
def my_orders(env):
    customer = get_customer(env)
    if env["sale.order"].search_count([("state", "=", "sale")], limit=COUNT) < COUNT:
        fill_orders(env, customer)
    return lambda: show(env, customer, "/my/orders")


def get_customer(env):
    return get_user(env, LOGIN, "base.group_portal")


def show(env, user, path):
    """Answer as many requests as a browser of this person would send."""
    from werkzeug.test import Client

    import odoo.http

    session = odoo.http.root.session_store.new()
    session.update(odoo.http.get_default_session(), db=env.cr.dbname, login=user.login, uid=user.id)
    session.context["lang"] = "en_US"
    session.session_token = user._compute_session_token(session.sid)
    odoo.http.root.session_store.save(session)
    client = Client(odoo.http.root)
    client.set_cookie("session_id", session.sid, domain="localhost")
    for _time in range(TIMES):
        response = client.get(path)
        rows = response.get_data(as_text=True).count("BENCH/")
        if response.status_code != 200 or rows < ROWS:
            raise RuntimeError(f"{path} answered {response.status_code} with {rows} rows")


def fill_tickets(env, user):
    """One ticket as the addon makes it, and copies of the row with two promises each: nine of ten
    are closed."""
    ticket = env["order.ticket"].create(
        {
            "subject": "It does not work",
            "partner_id": user.partner_id.id,
            "category_id": env["order.ticket.category"].search([], limit=1).id,
            "channel": "email",
        }
    )
    env.flush_all()
    copy_rows(
        env,
        "order_ticket",
        ticket.id,
        {"name": "'BENCH/' || n", "state": state_of(), "user_id": "NULL"},
    )
    deadlines = env["order.deadline"].search(
        [("res_model", "=", "order.ticket"), ("res_id", "=", ticket.id)]
    )
    for deadline in deadlines:
        ids = "(SELECT min(id) FROM order_ticket WHERE name LIKE 'BENCH/%%') + n - 1"
        copy_rows(env, "order_deadline", deadline.id, {"res_id": ids})
    finish(env, "order_ticket", "order_deadline")


def state_of():
    return "CASE WHEN n %% 10 = 0 THEN 'new' ELSE 'closed' END"


def fill_orders(env, user):
    order = env["sale.order"].create(
        {
            "partner_id": user.partner_id.id,
            "order_line": [(0, 0, {"product_id": get_goods(env)[0].id, "product_uom_qty": 1})],
        }
    )
    env.flush_all()
    copy_rows(env, "sale_order", order.id, {"name": "'BENCH/' || n", "state": "'sale'"})
    finish(env, "sale_order")


def copy_rows(env, table, id_, values):
    """Copy one row COUNT times; ``values`` are SQL, in which n is the number of the copy."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
    )
    skipped = {"id", "access_token"}
    names = [name for (name,) in env.cr.fetchall() if name not in skipped]
    columns = ", ".join(f'"{name}"' for name in names)
    chosen = ", ".join(values.get(name, f'"{name}"') for name in names)
    env.cr.execute(
        f'INSERT INTO "{table}" ({columns}) SELECT {chosen} FROM "{table}",'
        f" generate_series(1, %s) n WHERE id = %s",
        [COUNT, id_],
    )


def finish(env, *tables):
    env.invalidate_all()
    for table in tables:
        env.cr.execute(f'ANALYZE "{table}"')
    env.cr.commit()
