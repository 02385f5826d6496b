"""Everything that Odoo looks up for the departments, for one order and for many at once."""

from toolchain.benchmark import scenario

from ._orders import get_seller
from ._reviews import MANY, get_reviewers

CUSTOMERS = 10
PRODUCTS = 40
LINES = 4
REPEATS = 3


def ask_facts(env):
    """Let one department ask for every automatic check there is; nobody else is asked."""
    codes = sorted(env["order.review.criterion"]._get_checks())
    steps = env["order.review.step"].search([])
    if steps.mapped("name") == ["Facts"] and len(steps.criterion_ids) == len(codes):
        return
    steps.action_archive()
    steps.create(
        {
            "name": "Facts",
            "reviewer_ids": [(6, 0, get_reviewers(env, 1)[0].ids)],
            "criterion_ids": [
                (0, 0, {"name": code, "kind": "automatic", "check_code": code}) for code in codes
            ],
        }
    )


def get_customers(env):
    """Companies with an address, made at the first call."""
    partners = env["res.partner"]
    found = partners.search([("name", "like", "Bench customer")], order="id")
    return found or partners.create(
        [
            {
                "name": f"Bench customer {number}",
                "is_company": True,
                "street": f"{number} Main Street",
                "city": "Brussels",
                "zip": "1000",
                "country_id": env.ref("base.be").id,
                "email": f"bench{number}@example.com",
            }
            for number in range(CUSTOMERS)
        ]
    )


def get_products(env):
    """Goods, one in two of them in stock, one in four with a vendor, made at the first call."""
    products = env["product.product"]
    found = products.search([("name", "like", "Bench fact")], order="id")
    if found:
        return found
    vendor = env["res.partner"].create({"name": "Bench vendor"})
    products = products.create(
        [
            {
                "name": f"Bench fact {number}",
                "type": "consu",
                "is_storable": True,
                "list_price": 10.0 + number,
                "seller_ids": [(0, 0, {"partner_id": vendor.id, "delay": 5})]
                if number % 4 == 1
                else [],
            }
            for number in range(PRODUCTS)
        ]
    )
    stock = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for product in products[::2]:
        env["stock.quant"]._update_available_quantity(product, stock.lot_stock_id, 25)
    return products


def new_fact_orders(env, count):
    """Quotations of several goods each, by turns of all customers and all products."""
    customers, products = get_customers(env), get_products(env)
    medium = env.ref("utm.utm_medium_email")
    return (
        env["sale.order"]
        .with_user(get_seller(env))
        .create(
            [
                {
                    "partner_id": customers[number % CUSTOMERS].id,
                    "medium_id": medium.id,
                    "commitment_date": "2099-01-04 12:00:00",
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": products[(number * LINES + line) % PRODUCTS].id,
                                "product_uom_qty": 1 + line,
                            },
                        )
                        for line in range(LINES)
                    ],
                }
                for number in range(count)
            ]
        )
    )


def run_all_checks(count):
    """All automatic checks of ``count`` orders, as the submission and the preview run them."""

    def checks(env):
        ask_facts(env)
        orders = new_fact_orders(env, count)

        def run():
            steps = env["order.review.step"]._get_steps_by_order(orders)
            outcomes = orders._run_review_checks(steps)
            assert all(len(facts) == len(criteria) for facts in outcomes.values())

        criteria = env["order.review.step"].search([]).criterion_ids
        return run

    return checks


def read_orders(count):
    """Without us nothing is looked up: the same orders are read."""

    def reading(env):
        orders = new_fact_orders(env, count)
        return lambda: orders.read(["name", "amount_total"])

    return reading


for size, most in ((1, 25), (MANY, 60)):
    name, asked = f"review.facts_{size}", {"queries": most}
    scenario(name, "without", repeats=REPEATS, asked=asked)(run_all_checks(size)).reference(
        read_orders(size)
    )
