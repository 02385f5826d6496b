"""The address /odoo/order-deadlines leads to the deadlines themselves now; it was their analysis's,
and two actions cannot have the same one for a moment."""


def migrate(cr, version):
    cr.execute(
        "UPDATE ir_act_window SET path = NULL"
        "  FROM ir_model_data AS data"
        " WHERE data.module = 'order_process_control'"
        "   AND data.name = 'order_deadline_report_action'"
        "   AND data.model = 'ir.actions.act_window' AND data.res_id = ir_act_window.id"
        "   AND path = 'order-deadlines'"
    )
