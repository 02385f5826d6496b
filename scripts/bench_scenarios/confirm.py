"""What confirming an order costs with our addon installed but no process switched on."""

from toolchain.benchmark import scenario


def new_order(env, lines=3):
    products = env["product.product"].search([("sale_ok", "=", True)], limit=lines)
    return env["sale.order"].create(
        {
            "partner_id": env.ref("base.res_partner_2").id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": 1}) for product in products
            ],
        }
    )


@scenario("confirm/3 lines, no process", reference="plain")
def confirm(env):
    return new_order(env).action_confirm
