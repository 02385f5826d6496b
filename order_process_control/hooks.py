from odoo.tools import SQL

# What refers to others first
HISTORY_TABLES = (
    "order_oral_record",
    "order_expedite_confirmation",
    "order_expedite_impact",
    "order_expedite",
    "order_change_line",
    "order_change",
    "order_signoff_answer",
    "order_signoff_question",
    "order_signoff_point",
    "order_signoff_vote",
    "order_signoff",
    "order_review",
    "order_event",
    "order_ledger",
    "order_alert_notice",
    "order_alert",
    "order_deadline_event",
    "order_deadline",
)


def pre_init_hook(env):
    """Stamp the orders that were confirmed before this addon was there as exempt.

    Installing judges nobody: the columns are created here, in one statement each, so that
    the CHECK that ties state ``sale`` to a release finds no order without a stamp.
    """
    env.cr.execute(
        SQL(
            """
            ALTER TABLE sale_order
                ADD COLUMN IF NOT EXISTS release_exempt boolean,
                ADD COLUMN IF NOT EXISTS release_reason varchar,
                ADD COLUMN IF NOT EXISTS priority varchar DEFAULT '0';
            ALTER TABLE sale_order ALTER COLUMN priority DROP DEFAULT
            """
        )
    )
    env.cr.execute(
        SQL(
            "UPDATE sale_order SET release_exempt = TRUE, release_reason = %s"
            " WHERE state = 'sale' AND release_exempt IS NOT TRUE",
            "Confirmed before order process control was installed.",
        )
    )


def uninstall_hook(env):
    """Empty the history, whose tables are dropped with the addon anyway.

    Its references would otherwise keep Odoo from removing what came with the addon, such as
    the orders and departments of the demo data.
    """
    env.cr.execute(
        SQL(
            "UPDATE sale_order"
            " SET current_review_id = NULL, release_id = NULL, release_exempt = TRUE"
        )
    )
    env.cr.execute(
        SQL(
            "DELETE FROM mail_activity WHERE activity_type_id IN ("
            " SELECT res_id FROM ir_model_data"
            " WHERE module = 'order_process_control' AND model = 'mail.activity.type')"
        )
    )
    for table in HISTORY_TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all()
