"""Exchanges with OCA's rma and rma_sale: an RMA for each product, with the operation "Replace" as
they ship it.
"""

from ._orders import get_user
from ._tickets import receive


def get_rma_user(env):
    """An agent who may order the return and the delivery."""
    return get_user(
        env,
        "bench_rma",
        "rma.rma_group_manager",
        "sales_team.group_sale_salesman_all_leads",
        "stock.group_stock_user",
    )


def exchange_clicks(env, order):
    """What a person clicks from the delivered order to the deliveries of the replacements: the
    dialog and its button, the receptions, and for each RMA a dialog and its button again.
    """
    user, done = get_rma_user(env), {}
    operation = env.ref("rma.rma_operation_replace")

    def ask():
        done["wizard"] = order.with_user(user).action_create_rma()["res_id"]

    def create():
        wizard = env["sale.order.rma.wizard"].with_user(user).browse(done["wizard"])
        wizard.operation_id = operation
        # The list that opens: as its domain says
        done["ids"] = wizard.create_and_open_rma()["domain"][0][2]

    def receive_return():
        receive(order.rma_ids.reception_move_id.picking_id)

    clicks = [ask, create, receive_return]
    for number, product in enumerate(order.order_line.product_id):
        clicks += replace_clicks(env["rma"].with_user(user), done, number, product)
    return clicks


def replace_clicks(rmas, done, number, product):
    # What a person fills in; the rest are defaults
    vals = {"product_id": product.id, "product_uom": product.uom_id.id, "product_uom_qty": 1}

    def ask():
        done["context"] = rmas.browse(done["ids"][number]).action_replace()["context"]

    def deliver():
        wizards = rmas.env["rma.delivery.wizard"].with_context(**done["context"])
        wizards.create(vals).action_deliver()

    return [ask, deliver]
