"""make upgrades: databases of earlier versions of the addon, brought up to date and compared.

    make upgrades                 the last state of each earlier version
    make upgrades V=19.0.0.3.0    of one version (or of a commit); V=all: the first states too

Each database gets the addon as it was, with its demo data (rounds that were signed and rejected,
answers with evidence, changes, tickets ...) and some more work done in it. It is then updated with
today's addon and must have kept every row and every value, know the same state of every order,
have intact ledgers, let an approved order pass and hold one that is not, and must not differ from a
new database in columns, constraints, indexes, record rules, access rights and scheduled actions.
"""

import json
import re
import sys

from toolchain import (
    commands,
    databases,
    install_log,
    live,
    odoo_source,
    paths,
    postgres,
    templates,
)
from toolchain.odoo_env import use_venv
from toolchain.say import ToolchainError, line, main, note, step

MANIFEST = f"{paths.ADDON}/__manifest__.py"
EARLIER = paths.VAR / "earlier"
# What is called otherwise now: {(table, column): column today}
RENAMED = {("order_signoff_answer", "evidence"): "kept_evidence"}
# What may go or change, and why
DERIVED = {
    # How many signatures a round has, kept to make two signers collide; the ledger's head does now
    ("order_review", "decision_count"),
}
# The head of a chain moves with each entry; the entries themselves are compared
GROWING = {("order_ledger", "last_number"), ("order_ledger", "last_hash")}
# Odoo's own bookkeeping, which an update is there to change
BOOKKEEPING = re.compile(
    r"^(ir_(?!attachment|property|config_parameter|sequence$)|bus_|base_registry|res_groups|rel_|"
    r"res_users_(log|apikeys|settings)|wizard_|wkf|mail_ice|digest|.*_wizard$|report_|web_|"
    r"rule_group_rel|res_device|mail_message_res_partner)"
)
# Who wrote last: the update itself
LAST_WRITTEN = re.compile(r"^(write_date|write_uid|message_main_attachment_id)$")

WORK = """
done = {}

def attempt(title, function):
    try:
        with env.cr.savepoint():
            function()
            env.flush_all()
        done[title] = done.get(title, 0) + 1
    except Exception as error:
        done["not possible: " + title] = str(error)[:200]

def decide(signoff, decision, comment):
    user = next(iter(signoff.candidate_ids), env.ref("base.user_admin"))
    manual = signoff.answer_ids.filtered(lambda answer: answer.kind == "manual")
    answers = [{"id": answer.id, "result": "pass", "note": "As agreed"} for answer in manual]
    getattr(signoff.with_user(user), "action_" + decision)(comment, answers)

orders = env["sale.order"].search([("review_state", "=", "to_submit")])
for order in orders:
    attempt("submitted", lambda: order.with_user(order.user_id).action_request_review())
pending = env["order.signoff"].search([("state", "=", "pending")])
for number, signoff in enumerate(pending):
    kind, comment = ("reject", "Not possible") if number % 3 == 2 else ("approve", "Seen")
    attempt(kind, lambda: decide(signoff, kind, comment))
for order in env["sale.order"].search([("review_state", "=", "approved"), ("state", "!=", "sale")]):
    attempt("left approved", lambda: None)
env.cr.commit()
tell(done)
"""

# What people know of each order, and whether its ledger is whole
STATES = """
def verify(order):
    if not hasattr(order, "action_verify_ledger"):
        return "none"
    notice = order.action_verify_ledger()["params"]
    return "whole" if notice["type"] == "success" else notice["message"]

fields = [
    name for name in ("review_state", "state", "release_exempt", "release_reason", "priority")
    if name in env["sale.order"]._fields
]
found = {}
for order in env["sale.order"].with_context(active_test=False).search([]):
    values = {name: order[name] for name in fields}
    values["release"] = order.release_id.id
    values["round"] = order.current_review_id.id
    values["ledger"] = verify(order)
    found[order.id] = {"name": order.name, **values}
tell(found)
"""

# What must hold after the update, whatever was before
TRIALS = """
from lxml import etree
problems = []
tried = {}

def attempt(title, function, expected=None):
    kind = title.split(" ", 1)[1].partition(":")[0] if title.startswith("S") else title
    tried[kind] = tried.get(kind, 0) + 1
    try:
        with env.cr.savepoint():
            function()
            env.flush_all()
            if expected:
                problems.append(title + ": was not refused")
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    except Exception as error:
        if not expected or expected not in repr(type(error)):
            problems.append(f"{title}: {error!r}"[:400])

env = env(context={**env.context, "tracking_disable": True})
for view in env["ir.ui.view"].search([("model", "!=", False), ("type", "!=", "qweb")]):
    if view.inherit_id and view.mode == "extension":
        continue
    try:
        env[view.model].get_view(view.id, view.type)
    except Exception as error:
        problems.append(f"view {view.xml_id}: {error!r}"[:300])
orders = env["sale.order"].search([])
def force(order):
    env.cr.execute("UPDATE sale_order SET state = 'sale' WHERE id = %s", [order.id])

quotations = orders.filtered(lambda o: o.state in ("draft", "sent"))
for order in quotations.filtered(lambda o: o.review_state == "approved"):
    attempt(f"{order.name} is approved and must pass",
            lambda: order.with_user(order.user_id or env.ref("base.user_admin")).action_confirm())
for order in orders.filtered(
    lambda o: o.review_state in ("to_submit", "in_review", "rejected", "outdated")
    and o.state in ("draft", "sent")
):
    attempt(f"{order.name} is not approved and must not pass",
            lambda: order.with_user(order.user_id or env.ref("base.user_admin")).action_confirm(),
            "UserError")
    if not (order.release_id or order.release_exempt):
        attempt(f"{order.name} the state is protected by the database",
                lambda: force(order),
                "CheckViolation")
for order in orders.filtered(lambda o: o.state == "sale" and not o.locked):
    attempt(f"{order.name} is confirmed and may be edited",
            lambda: order.write({"client_order_ref": "Edited"}))
attempt("a person can be added",
        lambda: env["res.users"].create({
            "name": "New", "login": "new", "notification_type": "inbox",
            "group_ids": [(6, 0, [env.ref("order_process_control.group_order_reviewer").id])],
        }))
pending = env["order.signoff"].search([("state", "=", "pending")])
def refuse(signoff):
    user = next(iter(signoff.candidate_ids), env.ref("base.user_admin"))
    signoff.with_user(user).action_reject("Not after the update")
for signoff in pending:
    attempt(f"{signoff.order_id.name} {signoff.name}: is refused", lambda: refuse(signoff))
tell({"problems": problems, "tried": tried})
"""


def history():
    """[(version, first commit, last commit)] of the versions before today's, the oldest first."""
    found = {}
    for commit in first_parents("--", MANIFEST):
        version = version_of(commit)
        if version:
            found.setdefault(version, []).append(commit)
    today = version_of("HEAD")
    result = []
    for version, commits in found.items():
        if version != today:
            result.append((version, commits[0], last_of(version, commits[-1])))
    return result


def first_parents(*arguments):
    """The short names of commits of the main line, the oldest first."""
    command = ["git", "-C", paths.ROOT, "log", "--first-parent", "--reverse", "--format=%h"]
    return commands.run([*command, *arguments]).split()


def version_of(commit):
    text = commands.run(["git", "-C", paths.ROOT, "show", f"{commit}:{MANIFEST}"])
    match = re.search(r"\"version\": \"([\d.]+)\"", text)
    return match and match[1]


def last_of(version, since):
    """The last commit with this version on the main line, whatever file it changed."""
    last = since
    for commit in first_parents(f"{since}..HEAD"):
        if version_of(commit) != version:
            break
        last = commit
    return last


def chosen(argument):
    """[(title, commit)] of what was asked for."""
    versions = history()
    if argument == "all":
        return [
            (f"{version} ({commit})", commit)
            for version, first, last in versions
            for commit in dict.fromkeys((first, last))
        ]
    if not argument:
        return [(f"{version} ({last})", last) for version, _first, last in versions]
    found = [
        (f"{version} ({last})", last) for version, _first, last in versions if version in argument
    ]
    return found or [(f"{version_of(word)} ({word})", word) for word in argument.split()]


def make_earlier(server, odoo, commit):
    """A database with the addon as it was in a commit; return (name, what was done in it, what is
    known of its orders). It is kept for the next time.
    """
    addons, kept = EARLIER / commit, EARLIER / f"{commit}.json"
    name, base = f"{templates.prefix(server)}earlier_{commit}", templates.ensure_base(server, odoo)
    made_of = templates.short_hash(base, commit, WORK, STATES)
    if databases.exists(server, name) and kept.is_file():
        known = json.loads(kept.read_text())
        if known["made_of"] == made_of:
            return name, known["done"], known["states"]
    if not (addons / paths.ADDON).is_dir():
        live.export_addon(commit, addons)
    databases.copy(server, base, name)
    with step(f"Installing {paths.ADDON} of {commit}"):
        templates.install(server, odoo, name, [paths.ADDON], "earlier", extra_addons=[addons])
        log = paths.LOGS / "upgrades-work.log"
        done = live.run_inside(server, odoo, name, WORK, log, [addons])
        states = live.run_inside(server, odoo, name, STATES, log, [addons])
    kept.write_text(json.dumps({"made_of": made_of, "done": done, "states": states}))
    return name, done, states


def try_upgrade(server, odoo, commit, fresh):
    """Return the problems that an update from a commit leaves."""
    before, done, states = make_earlier(server, odoo, commit)
    note(", ".join(f"{title}: {count}" for title, count in done.items()))
    name = f"{templates.prefix(server)}updated"
    databases.copy(server, before, name)
    with step("Updating it"):
        log = templates.call_odoo(server, odoo, "update", ["-d", name, "-u", paths.ADDON])
    problems = [f"log: {entry}"[:1500] for entry in install_log.complaints(log)]
    problems += lost(server, before, name)
    log = paths.LOGS / "upgrades-states.log"
    now = live.run_inside(server, odoo, name, STATES, log)
    problems += changed_states(states, now)
    trials = live.run_inside(server, odoo, name, TRIALS, log)
    note(f"{len(states)} orders; tried: {trials['tried']}")
    problems += trials["problems"] + unlike(server, fresh, name)
    databases.drop(server, name)
    return problems


def lost(server, before, after):
    """What rows and values an update has taken away or changed."""
    problems = []
    now = live.columns(server, after)
    for table, columns in live.columns(server, before).items():
        if BOOKKEEPING.match(table):
            continue
        problems += lost_in_table(server, before, after, table, list(columns), now.get(table, {}))
    return problems


def lost_in_table(server, before, after, table, columns, now):
    old = live.rows(server, before, table, columns)
    if not old:
        return []
    if not now:
        return [f"table {table} is gone, it had {len(old)} rows"]
    today = {name: RENAMED.get((table, name), name) for name in columns}
    kept = [name for name in columns if today[name] in now]
    new = live.rows(server, after, table, [today[name] for name in kept])
    problems = [
        f"{table}.{name} is gone, it had a value in {count} rows"
        for name in columns
        if name not in kept and (table, name) not in DERIVED
        for count in [sum(1 for row in old.values() if row[name] not in (None, "false", "0"))]
        if count
    ]
    gone = set(old) - set(new) if "id" in columns else set()
    if gone:
        problems.append(f"{table}: {len(gone)} of {len(old)} rows are gone: {sorted(gone)[:5]}")
    for name in kept:
        if LAST_WRITTEN.match(name) or (table, name) in GROWING or "id" not in columns:
            continue
        differ = [
            (key, row[name], new[key][today[name]])
            for key, row in old.items()
            if key in new and row[name] != new[key][today[name]]
        ]
        if differ:
            key, was, is_now = differ[0]
            problems.append(
                f"{table}.{name} changed in {len(differ)} of {len(old)} rows, as in {key}: "
                f"{str(was)[:120]} -> {str(is_now)[:120]}"
            )
    return problems


def changed_states(before, after):
    problems = []
    for key, was in before.items():
        got = after[key]
        for name, value in was.items():
            if name != "ledger" and got.get(name) != value:
                problems.append(f"{was['name']}: {name} was {value!r} and is {got.get(name)!r}")
        if got["ledger"] not in ("whole", "none"):
            problems.append(f"{was['name']}: ledger (was {was['ledger']}): {got['ledger']}")
    return problems


RECORDS = {
    "record rule": """
        SELECT d.name, r.domain_force, r.active, r.perm_read, r.perm_write, r.perm_create,
               r.perm_unlink, m.model, (SELECT array_agg(x.module || '.' || x.name ORDER BY 1)
                                          FROM rule_group_rel g JOIN ir_model_data x
                                            ON x.model = 'res.groups' AND x.res_id = g.group_id
                                         WHERE g.rule_group_id = r.id)::text
          FROM ir_rule r JOIN ir_model m ON m.id = r.model_id
          JOIN ir_model_data d ON d.model = 'ir.rule' AND d.res_id = r.id
         WHERE d.module = %(addon)s""",
    "scheduled action": """
        SELECT d.name, c.interval_number, c.interval_type, c.active, s.code, m.model
          FROM ir_cron c JOIN ir_act_server s ON s.id = c.ir_actions_server_id
          JOIN ir_model m ON m.id = s.model_id
          JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id
         WHERE d.module = %(addon)s""",
    "access right": """
        SELECT d.name, a.perm_read, a.perm_write, a.perm_create, a.perm_unlink, a.active,
               m.model, g.name::text
          FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id
          LEFT JOIN res_groups g ON g.id = a.group_id JOIN ir_model_data d
            ON d.model = 'ir.model.access' AND d.res_id = a.id AND d.module = %(addon)s""",
    "view": """
        SELECT d.name, v.arch_db::text, v.active, v.priority FROM ir_ui_view v JOIN ir_model_data d
            ON d.model = 'ir.ui.view' AND d.res_id = v.id AND d.module = %(addon)s""",
    "record": """
        SELECT model || ' ' || name FROM ir_model_data WHERE module = %(addon)s
           AND model NOT IN ('ir.rule', 'ir.cron', 'ir.model.access', 'ir.ui.view')""",
}


def unlike(server, fresh, name):
    """In what an updated database differs from a new one, apart from what people did in it."""
    problems = []
    was, got = live.columns(server, fresh), live.columns(server, name)
    for table in sorted(set(was) | set(got)):
        for column in sorted(set(was.get(table, {})) | set(got.get(table, {}))):
            new, updated = was.get(table, {}).get(column), got.get(table, {}).get(column)
            if new != updated:
                problems.append(f"column {table}.{column}: {updated}, in a new database {new}")
    expected, found = live.objects(server, fresh), live.objects(server, name)
    for kind in expected:
        problems += differences(kind, expected[kind], found[kind])
    for kind, statement in RECORDS.items():
        sides = [
            {row[0]: row[1:] for row in live.query(server, side, statement, {"addon": paths.ADDON})}
            for side in (fresh, name)
        ]
        problems += differences(kind, *sides)
    return [problem for problem in problems if problem not in made_once()]


def made_once():
    """What is said of demo records that are made with a new demo alone."""
    demo = "".join(file.read_text("utf-8") for file in (paths.ADDON_DIR / "demo").rglob("*.xml"))
    records = re.findall(r'<record id="(\w+)" model="([\w.]+)"[^>]*forcecreate="False"', demo)
    return {f"record {model} {name} is missing" for name, model in records}


def differences(kind, expected, found):
    rows = []
    for name in sorted(set(expected) | set(found)):
        if name not in found:
            rows.append(f"{kind} {name} is missing")
        elif name not in expected:
            rows.append(f"{kind} {name} is left over")
        elif expected[name] != found[name]:
            # Buttons name actions by their number, which is another in each database
            pair = [
                re.sub(r'name=\\*"\d+\\*"', "name", str(side))
                for side in (found[name], expected[name])
            ]
            if pair[0] == pair[1]:
                continue
            start = next((i for i, (a, b) in enumerate(zip(*pair, strict=False)) if a != b), 0)
            start = max(0, start - 40)
            rows.append(
                f"{kind} {name}: {pair[0][start : start + 160]!r}, in a new database "
                f"{pair[1][start : start + 160]!r}"
            )
    return rows


def run():
    use_venv()
    paths.make_folders()
    wanted = chosen(" ".join(sys.argv[1:]).strip())
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        fresh = f"{templates.prefix(server)}earlier_none"
        databases.copy(server, templates.ensure_addon(server, odoo), fresh)
    failed = []
    for title, commit in wanted:
        line(f"\n{title}")
        try:
            problems = try_upgrade(server, odoo, commit, fresh)
        except ToolchainError as error:
            problems = [str(error)]
        for problem in problems:
            note(problem)
        note(f"{len(problems)} problems")
        failed += [title] if problems else []
    databases.drop(server, fresh)
    line(
        f"\nUpdated from {len(wanted)} earlier states; with problems: {', '.join(failed) or 'none'}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    main(run)
