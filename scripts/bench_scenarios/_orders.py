"""Orders, people and steps that several scenarios start from."""

LINES = 3


def new_order(env, user):
    """A quotation of three goods, as its salesperson creates it."""
    products = env["product.product"].search(
        [("sale_ok", "=", True), ("type", "=", "consu")], limit=LINES, order="id"
    )
    vals = {
        "partner_id": env.ref("base.res_partner_2").id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": 1}) for product in products
        ],
    }
    if "order.review" in env:
        vals["medium_id"] = env.ref("utm.utm_medium_phone").id
    return env["sale.order"].with_user(user).create(vals)


def get_user(env, login, *groups):
    """The user with this login, made at the first call; no mails are sent to them."""
    users = env["res.users"].with_context(no_reset_password=True)
    return users.search([("login", "=", login)]) or users.create(
        {
            "name": login,
            "login": login,
            "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
        }
    )


def get_seller(env):
    return get_user(env, "bench_seller", "sales_team.group_sale_manager")
