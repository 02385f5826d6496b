"""The bell: one activity a person and open task, without a mail each, closed by us alone.

Written with one statement for any number of people; ``mail.activity.create`` reads and subscribes
person by person. The bells that are on a screen learn of it as Odoo's own activities tell them.
"""

from odoo import SUPERUSER_ID, fields
from odoo.tools import SQL

from .kept_rows import insert_rows


def get_type_id(env, kind):
    """Return the id of one of our activity types, from the cache of external ids."""
    return env["ir.model.data"]._xmlid_to_res_id(f"order_process_control.mail_activity_type_{kind}")


def schedule(env, tasks):
    """Put tasks on the lists of people.

    :param list tasks: dicts with ``record``, ``kind`` (of activity type), ``summary``,
        ``user_id`` and optionally ``note`` and ``date_deadline`` (without it today)
    """
    if not tasks:
        return
    # As OdooBot: who caused the task must not be able to take it back
    activities = env["mail.activity"].with_user(SUPERUSER_ID)
    insert_rows(activities, [_prepare_vals(env, **task) for task in tasks])
    for model in {task["record"]._name for task in tasks}:
        env[model].invalidate_model(["activity_ids"], flush=False)
    _ring(env, [task["user_id"] for task in tasks], "activity_created", 1)


def _prepare_vals(env, record, kind, summary, user_id, note=False, date_deadline=None):
    return {
        "res_model_id": env["ir.model"]._get_id(record._name),
        "res_model": record._name,
        "res_id": record.id,
        "res_name": summary,
        "activity_type_id": get_type_id(env, kind),
        "summary": summary,
        "note": note,
        "user_id": user_id,
        "date_deadline": date_deadline or fields.Date.context_today(record),
        "automated": True,
        "active": True,
    }


def move(records, date_deadline):
    """Let the open tasks on these records be due on another day."""
    # As OdooBot: the activities are the process' own, whoever has them
    activities = records.env["mail.activity"].with_user(SUPERUSER_ID)
    domain = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
    activities.search(domain).write({"date_deadline": date_deadline})


def close(records, kinds=(), user_ids=()):
    """End the open tasks on these records; archived, as Odoo keeps what is done.

    :param kinds: only activities of these types of ours
    :param user_ids: only those of these people
    """
    if records:
        archive(records.env, records, _get_conditions(records, kinds, user_ids))


def _get_conditions(records, kinds=(), user_ids=()):
    conditions = [
        SQL("res_model = %s", records._name),
        SQL("res_id IN %s", tuple(records.ids)),
    ]
    if kinds:
        type_ids = tuple(get_type_id(records.env, kind) for kind in kinds)
        conditions.append(SQL("activity_type_id IN %s", type_ids))
    if user_ids:
        conditions.append(SQL("user_id IN %s", tuple(user_ids)))
    return conditions


def archive(env, records, conditions):
    """End the open tasks on ``records`` that meet these conditions in SQL."""
    rows = env.execute_query(_get_archive_query(env, conditions))
    _forget(records, [row[0] for row in rows])
    _ring(env, [row[1] for row in rows], "activity_deleted", -1)


def _get_archive_query(env, conditions):
    """Return the UPDATE that ends the open activities of these conditions."""
    fnames = ["active", "res_model", "res_id", "user_id", "activity_type_id"]
    env["mail.activity"].flush_model(fnames)
    return SQL(
        "UPDATE mail_activity SET active = FALSE, date_done = %s WHERE active AND %s"
        " RETURNING id, user_id",
        fields.Date.today(),
        SQL(" AND ").join(conditions),
    )


def _forget(records, activity_ids):
    if activity_ids:
        activities = records.env["mail.activity"].browse(activity_ids)
        activities.invalidate_recordset(flush=False)
        records.invalidate_recordset(["activity_ids"], flush=False)


def close_before_tracking(records, kinds):
    """End the tasks of these kinds, quietly, and read the messages that Odoo is about to look at.

    What Odoo writes into the history of a record follows the last message there, for which it
    reads the messages of one record after the other; here they come with the same statement.

    :param records: as superuser, about to be tracked
    """
    if not records:
        return
    env, messages = records.env, records.env["mail.message"]
    query = SQL(
        """WITH ended AS (%s)
           SELECT id, NULL AS message_type, NULL AS date FROM ended
            UNION ALL
           SELECT id, message_type, date FROM mail_message WHERE model = %s AND res_id IN %s""",
        _get_archive_query(env, _get_conditions(records, kinds)),
        records._name,
        tuple(records.ids),
    )
    messages.flush_model(["model", "res_id", "message_type", "date"])
    rows = env.execute_query(query)
    _forget(records, [id_ for id_, message_type, _date in rows if not message_type])
    read = [row for row in rows if row[1]]
    for column, name in enumerate(["message_type", "date"], start=1):
        field = messages._fields[name]
        field._insert_cache(messages.browse(r[0] for r in read), [r[column] for r in read])


def _ring(env, user_ids, event, sign):
    """Tell the bells of these people, each once, how their number changes."""
    partners = env["res.users"]._get_partner_ids_of(user_ids)
    for user_id in dict.fromkeys(user_ids):
        partner = env["res.partner"].browse(partners.get(user_id))
        partner._bus_send(
            "mail.activity/updated", {event: True, "count_diff": sign * user_ids.count(user_id)}
        )
