"""make live: the addon comes to a company that has ten thousand orders already, and leaves again.

    make live            ten thousand orders
    make live N=1000     fewer

Measures how much longer the addon installs than on an empty database, and looks whether any row
that was there has changed, whether people can go on with their work, what is left when the addon
is uninstalled, and whether it can be installed again.
"""

import re
import sys
import time

from toolchain import (
    clone,
    databases,
    install_log,
    live,
    odoo_source,
    paths,
    postgres,
    templates,
)
from toolchain.odoo_env import use_venv
from toolchain.say import line, main, note, step

ORDERS = 10_000
SEEDS = 100
LIMIT_SECONDS = 60
TABLES = (
    "stock_reference",
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_move",
    "stock_move_line",
    "account_move",
    "account_move_line",
)
# What installing writes to rows that were there, in columns that say who wrote last, and why
EXPLAINED = {
    # The administrator and OdooBot become process managers
    ("res_partner", "write_date"): 2,
    ("res_users", "write_date"): 2,
    # Odoo's own channels get their families
    ("utm_medium", "write_date"): 3,
}
# Products of the demo data that were moved stay, as any product does that a document names
KEPT_PRODUCTS = re.compile(r"product_booth|product_chair|product_filing|product_table|stock_move")
# Odoo keeps a constraint of this name for two fields and writes whichever it meets last
HARMLESS = ("rule_group_rel.rule_group_rel_group_id_fkey",)
# What Odoo keeps about itself
OWN_BOOKS = re.compile(r"^(ir_|base_|bus_|res_groups|rule_group_rel|digest_|mail_activity_type)")
# Nothing of ours is left in these after uninstalling
TRACES = {
    "external id": "SELECT module || '.' || name FROM ir_model_data WHERE module = %(addon)s",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "scheduled action": "SELECT cron_name FROM ir_cron",
    "server action": "SELECT name::text FROM ir_act_server",
    "window action": "SELECT name::text || coalesce(res_model, '') FROM ir_act_window",
    "parameter": "SELECT key FROM ir_config_parameter",
    "record rule": "SELECT name FROM ir_rule",
    "access right": "SELECT name FROM ir_model_access",
    "group": "SELECT name::text FROM res_groups",
    "privilege": "SELECT name::text FROM res_groups_privilege",
    "view": "SELECT name || coalesce(key, '') FROM ir_ui_view",
    "menu": "SELECT name::text FROM ir_ui_menu",
    "sequence": "SELECT name FROM ir_sequence",
    "default": "SELECT f.name FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id",
    "kind of activity": "SELECT name::text FROM mail_activity_type",
    "template": "SELECT name::text FROM mail_template",
    "subtype": "SELECT name::text FROM mail_message_subtype",
    "attached to": "SELECT DISTINCT res_model FROM ir_attachment WHERE res_model IS NOT NULL",
    "messages of": "SELECT DISTINCT model FROM mail_message WHERE model IS NOT NULL",
    "followers of": "SELECT DISTINCT res_model FROM mail_followers",
    "activities of": "SELECT DISTINCT res_model FROM mail_activity WHERE res_model IS NOT NULL",
    "alias": "SELECT alias_name FROM mail_alias WHERE alias_name IS NOT NULL",
    "channel": "SELECT name FROM utm_medium",
    "filter": "SELECT name FROM ir_filters",
    "asset": "SELECT name FROM ir_asset",
    "constraint": "SELECT name FROM ir_model_constraint",
    "relation": "SELECT name FROM ir_model_relation",
    "selection": "SELECT f.model || '.' || f.name || '=' || s.value"
    " FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id",
}

# A hundred orders, the regular way: every state that an order can be in
SEED = """
from odoo.fields import Command

env = env(context={**env.context, "tracking_disable": True, "mail_notrack": True})
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
partners = env["res.partner"].create(
    [{"name": f"Customer {n}", "email": f"c{n}@example.com", "street": f"Street {n}"}
     for n in range(SEEDS)]
)
products = env["product.product"].create(
    [{"name": f"Product {n}", "list_price": 10 + n, "invoice_policy": "order", "type": "consu"}
     for n in range(20)]
    + [{"name": f"Stored {n}", "list_price": 50, "type": "consu", "is_storable": True}
       for n in range(5)]
)
seller = env["res.users"].create({
    "name": "Seller", "login": "live_seller", "email": "live_seller@example.com",
    "group_ids": [Command.set([
        env.ref("sales_team.group_sale_salesman_all_leads").id,
        env.ref("stock.group_stock_user").id, env.ref("account.group_account_invoice").id,
    ])],
})
since = {}
for table in TABLES:
    env.cr.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    since[table] = env.cr.fetchone()[0]
orders = env["sale.order"].create([
    {"partner_id": partners[n].id, "user_id": seller.id,
     "order_line": [Command.create({"product_id": products[(n + i) % len(products)].id,
                                    "product_uom_qty": 1 + i}) for i in range(3)]}
    for n in range(SEEDS)
])
part = SEEDS // 10
orders[2 * part : 3 * part].write({"state": "sent"})
orders[3 * part : 4 * part]._action_cancel()
confirmed = orders[4 * part :]
confirmed.action_confirm()
for order in confirmed[2 * part :]:
    for picking in order.picking_ids:
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()
for order in confirmed[4 * part :]:
    order._create_invoices(final=True).action_post()
confirmed[-part:].action_lock()
env.cr.commit()
tell({"since": since, "states": orders.mapped("state")})
"""

# Try something with a record and undo it
ATTEMPT = """
problems, tried = [], {}

def attempt(title, record, function):
    try:
        with env.cr.savepoint():
            function(record)
            env.flush_all()
            tried[title] = tried.get(title, 0) + 1
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    except Exception as error:
        problems.append(f"{title}, {record.display_name}: {error!r}"[:400])
"""

# What people do all day; each act is undone
WORK = (
    ATTEMPT
    + """
seller = env["res.users"].search([("login", "=", "live_seller")])
Order = env["sale.order"].with_user(seller)


def deliver(order):
    for picking in order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()
    assert all(p.state == "done" for p in order.picking_ids), order.picking_ids.mapped("state")

def confirm(order):
    order.action_confirm()
    assert order.state == "sale"

def cancel(order):
    order.action_cancel()
    assert order.state == "cancel", order.state

def draft_again(order):
    order.action_cancel()
    order.action_draft()
    order.action_confirm()
    assert order.state == "sale"

def edit(order):
    order.write({"client_order_ref": "X", "note": "Y"})
    order.order_line[0].write({"product_uom_qty": 7, "price_unit": 99})

def invoice(order):
    assert order._create_invoices(final=True)

def sample(domain):
    found = Order.search(domain)
    return [found[0], found[len(found) // 2], found[-1]]

for order in sample([("state", "=", "draft")]):
    attempt("confirm", order, confirm)
    attempt("edit a quotation", order, edit)
for order in sample([("state", "=", "sent")]):
    attempt("confirm", order, confirm)
for order in sample([("state", "=", "cancel")]):
    attempt("draft again", order, lambda order: (order.action_draft(), order.action_confirm()))
for order in sample([("state", "=", "sale"), ("locked", "=", False),
                     ("invoice_status", "=", "to invoice"), ("delivery_status", "=", "pending")]):
    attempt("edit a confirmed order", order, edit)
    attempt("deliver", order, deliver)
    attempt("cancel", order, cancel)
    attempt("cancel and begin again", order, draft_again)
    attempt("invoice", order, invoice)
    attempt("copy and confirm", order, lambda order: confirm(order.copy()))
attempt("a new order", Order, lambda Order: confirm(Order.create({
    "partner_id": env["res.partner"].search([], limit=1).id,
    "order_line": [(0, 0, {"product_id": env["product.product"].search(
        [("sale_ok", "=", True)], limit=1).id})],
})))
env.cr.rollback()
tell({"problems": problems, "tried": tried})
"""
)

# Every quotation can be confirmed, every confirmed order be edited
DEMO_ORDERS = (
    ATTEMPT
    + """

for order in env["sale.order"].search([]):
    if order.state in ("draft", "sent") and order.order_line:
        attempt("confirm", order, lambda order: order.action_confirm())
    elif order.state == "sale" and not order.locked:
        attempt("edit", order, lambda order: order.order_line[:1].write({"price_unit": 1}))
tell({"problems": problems, "tried": tried})
"""
)

UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", "order_process_control")])
module.button_immediate_uninstall()
env.cr.commit()
tell(True)
"""

# Every view of every model, as somebody who has all groups sees it
VIEWS = """
from lxml import etree
problems, seen = [], 0
admin = env.ref("base.user_admin")
exclusive = env.ref("base.group_portal") | env.ref("base.group_public")
admin.group_ids = env["res.groups"].search([]).filtered(
    lambda group: not (group | group.all_implied_ids) & exclusive
)
env.flush_all()
for view in env["ir.ui.view"].search([]):
    seen += 1
    try:
        with env.cr.savepoint():
            view._check_xml()
            if view.model and view.mode == "primary" and view.type != "qweb":
                env[view.model].with_user(admin).get_views([(view.id, view.type)])
            else:
                etree.fromstring(view.with_user(admin).sudo().get_combined_arch())
    except Exception as error:
        problems.append(f"view {view.xml_id or view.name}: {error!r}"[:300])
env.cr.rollback()
tell({"problems": problems, "tried": {"views": seen}})
"""


def make_company(server, odoo, name, count):
    """A database without our addon, with so many orders in it."""
    databases.copy(server, templates.ensure_bare(server, odoo), name)
    with step(f"Making {SEEDS} orders, and {count} of them"):
        program = f"SEEDS, TABLES = {SEEDS}, {TABLES!r}\n{SEED}"
        since = live.run_inside(server, odoo, name, program, paths.LOGS / "live-seed.log")["since"]
        connection = server.connect(name)
        with connection, connection.cursor() as cursor:
            clone.multiply(cursor, since, count // SEEDS - 1)
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")
        connection.close()
    note(
        ", ".join(
            f"{state}: {n}"
            for state, n in live.query(
                server, name, "SELECT state, count(*) FROM sale_order GROUP BY state ORDER BY state"
            )
        )
    )


def install(server, odoo, database):
    """Install the addon; return (seconds, what Odoo complained of)."""
    started = time.monotonic()
    log = templates.install(server, odoo, database, [paths.ADDON], "live")
    return time.monotonic() - started, [
        f"log: {entry}"[:900] for entry in install_log.complaints(log)
    ]


def measure(server, odoo, before):
    """Install on the company's database and on an empty one; return (seconds of each, problems)."""
    names = {
        "empty": templates.ensure_bare(server, odoo),
        "full": before,
    }
    seconds, problems = {}, []
    for title, source in names.items():
        name = f"{templates.prefix(server)}live_{title}"
        databases.copy(server, source, name)
        with step(f"Installing {paths.ADDON} on the {title} database"):
            seconds[title], complaints = install(server, odoo, name)
        problems += complaints
    databases.drop(server, f"{templates.prefix(server)}live_empty")
    return seconds, problems


def changed_rows(server, before, after, what):
    """Which rows and values of what was there are not as they were."""
    tables = {
        table: list(names)
        for table, names in live.columns(server, before).items()
        if not OWN_BOOKS.match(table)
    }
    now = live.columns(server, after)
    problems = []
    for table, names in tables.items():
        lost = [name for name in names if name not in now.get(table, {})]
        if lost:
            problems.append(f"{what}: {table} lost {', '.join(lost)}")
    kept = {
        table: names
        for table, names in tables.items()
        if all(name in now.get(table, {}) for name in names)
    }
    was, got = (live.checksums(server, name, kept) for name in (before, after))
    for table in kept:
        if was[table] != got[table]:
            problems += [
                f"{what}: {row}" for row in details(server, before, after, table, kept[table])
            ]
    return problems


def details(server, before, after, table, names):
    old, new = (live.rows(server, name, table, names) for name in (before, after))
    found = []
    if set(new) - set(old):
        # Rows that came with the addon change nothing that was there
        note(f"{table}: {len(set(new) - set(old))} new rows")
    if set(old) - set(new):
        found.append(f"{table}: {len(set(old) - set(new))} rows are gone")
    if "id" in names:
        for name in names:
            keys = [key for key in old if key in new and old[key][name] != new[key][name]]
            if keys and len(keys) > EXPLAINED.get((table, name), 0):
                pair = old[keys[0]][name], new[keys[0]][name]
                found.append(
                    f"{table}.{name} changed in {len(keys)} rows, as {pair[0]} -> {pair[1]}"
                )
    return found


def left_over(server, before, after):
    """What the addon leaves behind."""
    problems = []
    was, got = live.columns(server, before), live.columns(server, after)
    for table in sorted(set(was) | set(got)):
        for column in sorted(set(was.get(table, {})) | set(got.get(table, {}))):
            pair = was.get(table, {}).get(column), got.get(table, {}).get(column)
            if pair[0] != pair[1]:
                problems.append(f"column {table}.{column}: was {pair[0]}, is {pair[1]}")
    old, new = live.objects(server, before), live.objects(server, after)
    for kind in old:
        for name in sorted(set(old[kind]) | set(new[kind])):
            if old[kind].get(name) != new[kind].get(name) and name not in HARMLESS:
                problems.append(
                    f"{kind} {name}: was {old[kind].get(name)}, is {new[kind].get(name)}"
                )
    for kind, statement in TRACES.items():
        sides = [
            {row[0] for row in live.query(server, name, statement, {"addon": paths.ADDON})}
            for name in (before, after)
        ]
        problems += [f"{kind} {name} is left" for name in sorted(map(str, sides[1] - sides[0]))]
        problems += [f"{kind} {name} is gone" for name in sorted(map(str, sides[0] - sides[1]))]
    return problems


def inside(server, odoo, database, title, program):
    found = live.run_inside(server, odoo, database, program, paths.LOGS / "live-inside.log")
    note(f"{title}: " + ", ".join(f"{what} {count}" for what, count in found["tried"].items()))
    return [f"{title}: {problem}" for problem in found["problems"]]


def uninstall(server, odoo, database):
    """Uninstall the addon; return what Odoo complained of."""
    log = paths.LOGS / "live-uninstall.log"
    with step("Uninstalling"):
        live.run_inside(server, odoo, database, UNINSTALL, log)
    return [
        f"uninstalling: {entry}"[:600] for entry in install_log.complaints(log.read_text("utf-8"))
    ]


def see_views(server, odoo, database, title, known=()):
    """The views that are broken, but for those that are without us."""
    found = inside(server, odoo, database, title, VIEWS)
    return [problem for problem in found if problem.partition(": ")[2] not in known]


def try_company(server, odoo, count):
    """Install beside many orders, work, uninstall, work, install again; return the problems."""
    before, after = (f"{templates.prefix(server)}live_{what}" for what in ("before", "full"))
    with templates.lock():
        make_company(server, odoo, before, count)
        seconds, problems = measure(server, odoo, before)
    beyond = seconds["full"] - seconds["empty"]
    note(
        f"Installed in {seconds['full']:.1f} s with {count} orders, in {seconds['empty']:.1f} s"
        f" without: {beyond:.1f} s more"
    )
    if beyond > LIMIT_SECONDS:
        problems.append(f"installing takes {beyond:.0f} s longer than on an empty database")
    known = {problem.partition(": ")[2] for problem in inside(server, odoo, before, "views", VIEWS)}
    problems += changed_rows(server, before, after, "installed")
    problems += inside(server, odoo, after, "with the addon", WORK)
    problems += see_views(server, odoo, after, "views with the addon", known)
    problems += uninstall(server, odoo, after)
    problems += left_over(server, before, after)
    problems += changed_rows(server, before, after, "uninstalled")
    problems += inside(server, odoo, after, "without the addon again", WORK)
    problems += see_views(server, odoo, after, "views without the addon", known)
    with step("Installing it again"):
        _seconds, complaints = install(server, odoo, after)
    problems += [f"again: {entry}" for entry in complaints]
    problems += inside(server, odoo, after, "with the addon again", WORK)
    return problems, (before, after)


def try_demo(server, odoo):
    """Uninstall where there are rounds, tickets and expedites in every state."""
    name = f"{templates.prefix(server)}live_demo"
    with templates.lock():
        base = templates.ensure_base(server, odoo)
        databases.copy(server, templates.ensure_addon(server, odoo), name)
    problems = uninstall(server, odoo, name) + left_over(server, base, name)
    problems = [problem for problem in problems if not KEPT_PRODUCTS.search(problem)]
    found = live.run_inside(server, odoo, name, DEMO_ORDERS, paths.LOGS / "live-inside.log")
    note(f"orders that are left of the demo data: {found['tried']}")
    problems += found["problems"]
    with step("Installing it again"):
        _seconds, complaints = install(server, odoo, name)
    problems += [f"again: {entry}" for entry in complaints]
    return [f"demo: {problem}" for problem in problems], (name,)


def run():
    use_venv()
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else ORDERS
    paths.make_folders()
    server, odoo = postgres.start(), odoo_source.locate()
    problems = 0
    for attempt, *arguments in ((try_company, count), (try_demo,)):
        found, used = attempt(server, odoo, *arguments)
        for problem in found:
            note(problem)
        problems += len(found)
        for name in used:
            databases.drop(server, name)
    line(f"\n{problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    main(run)
