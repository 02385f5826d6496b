"""Orders, people and steps that several scenarios start from."""

LINES = 3


def get_goods(env):
    """Goods without reordering rule, made at the first call: how much of them was ordered before
    does not change what a confirmation has to do."""
    products = env["product.product"]
    return products.search([("name", "like", "Bench good")], order="id") or products.create(
        [
            {"name": f"Bench good {number}", "type": "consu", "is_storable": True}
            for number in range(LINES)
        ]
    )


def new_order(env, user):
    """A quotation of three goods, as its salesperson creates it."""
    return new_orders(env, user, 1)


def new_orders(env, user, count):
    """Quotations of three goods each, as their salesperson imports them."""
    vals = {
        "partner_id": env.ref("base.res_partner_2").id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": 1}) for product in get_goods(env)
        ],
    }
    if env.company.account_use_credit_limit:
        # Our demo company watches credit limits, which costs Odoo itself a dozen queries an order
        env.company.account_use_credit_limit = False
    if "order.review" in env:
        vals["medium_id"] = env.ref("utm.utm_medium_email").id
    return env["sale.order"].with_user(user).create([vals] * count)


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
