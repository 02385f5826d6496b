"""Urgent orders keep their priority, which follows the class now unless there is a reason; open
sign-offs know what their queue is sorted by."""


def migrate(cr, version):
    cr.execute(
        "UPDATE sale_order SET priority_reason = %s"
        " WHERE priority = '1' AND priority_reason IS NULL",
        ["Chosen before a reason was asked for."],
    )
    cr.execute(
        "UPDATE order_signoff AS signoff"
        " SET priority = coalesce(o.priority, '0'), ordered_at = o.create_date"
        " FROM sale_order AS o WHERE o.id = signoff.order_id"
    )
