"""The classes that came with an earlier version get the requirements of new databases."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["order.class"]._seed_requirements(
        ["order_process_control.order_class_special", "order_process_control.order_class_regular"],
        only_empty=True,
    )
