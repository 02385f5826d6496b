"""Every version brings its own record rules: who may see what is part of the code.

Rules of earlier versions were protected against updates. Without that they are written anew from
today's files, and those that are in none of them any more are removed by Odoo itself. Whoever wants
other rules adds some of their own, or a group: ours come back.
"""


def migrate(cr, version):
    cr.execute(
        "UPDATE ir_model_data SET noupdate = FALSE"
        " WHERE module = 'order_process_control' AND model = 'ir.rule' AND noupdate"
    )
