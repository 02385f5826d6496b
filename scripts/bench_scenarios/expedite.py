"""An order goes before others: what each way would cost them, and doing it."""

from datetime import timedelta

from toolchain.benchmark import WITHOUT, scenario

from ._orders import get_seller

PRODUCTS = 200
WAITING = 10_000
ORDERS = 20
LINES = 10
HARMED = 20
REPEATS = 3
CODE = "bench-expedite"


def get_warehouse(env):
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def new_products(env, name, count, quantity):
    """Goods of which so many lie in stock."""
    products = env["product.product"].create(
        [
            {"name": f"{name} {number}", "type": "consu", "is_storable": True, "list_price": 10.0}
            for number in range(count)
        ]
    )
    stock = get_warehouse(env).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, stock, quantity)
    return products


def new_confirmed(env, goods, days, reference):
    """An order of these ``(product, quantity)``, confirmed, with what there is reserved."""
    now = env.cr.now().replace(microsecond=0)
    vals = {
        "partner_id": env.ref("base.res_partner_2").id,
        "user_id": get_seller(env).id,
        "client_order_ref": reference,
        "commitment_date": now + timedelta(days=days),
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
            for product, quantity in goods
        ],
        "medium_id": env.ref("utm.utm_medium_email").id,
    }
    order = env["sale.order"].with_context(tracking_disable=True).create(vals)
    order.action_confirm()
    order.picking_ids.action_assign()
    return order


def plan_receipts(env, products, quantity, days):
    """Receipts from a vendor, one for each product."""
    warehouse, now = get_warehouse(env), env.cr.now().replace(microsecond=0)
    moves = env["stock.move"].create(
        [
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "company_id": warehouse.company_id.id,
            }
            for product in products
        ]
    )
    moves._action_confirm(merge=False)
    moves.date = now + timedelta(days=days)


def copy_rows(env, records, copies, **parents):
    """Copy rows as they are, ``copies`` times, in one statement.

    :param parents: ``{column: {(old id, copy number): new id}}``
    :return: ``{(old id, copy number): new id}``
    """
    table = records._table
    names = [
        name
        for name, field in records._fields.items()
        if field.store and field.column_type and name not in ("id", *parents)
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    pairs, keys = [], [(record.id, number) for number in range(copies) for record in records]
    # nextval first, so that it is known which copy is which
    env.cr.execute(f"SELECT nextval('{table}_id_seq') FROM generate_series(1, %s)", [len(keys)])
    made = dict(zip(keys, (row[0] for row in env.cr.fetchall()), strict=True))
    for (old, number), new in made.items():
        others = [by[records.browse(old)[column].id, number] for column, by in parents.items()]
        pairs.append((new, old, *others))
    extra = "".join(f', "{column}"' for column in parents)
    aliases = "".join(f", parent_{column}" for column in parents)
    for start in range(0, len(pairs), 1000):
        part = pairs[start : start + 1000]
        marks = ", ".join(["%s"] * len(part))
        env.cr.execute(
            f'INSERT INTO "{table}" (id, {columns}{extra}) SELECT made.new_id, {columns}{aliases}'
            f' FROM "{table}" JOIN (VALUES {marks}) AS made (new_id, old_id{aliases})'
            f" ON made.old_id = {table}.id",
            part,
        )
    return made


def prepare_queue(env):
    """10,000 waiting moves of 200 products in 1,000 orders, made at the first call, and a draft
    expedite of an order that needs all of these products."""
    expedite = env["order.expedite"].search([("reason", "=", CODE)], limit=1)
    if expedite:
        return expedite
    env["order.review.step"].search([]).action_archive()
    products = new_products(env, "Bench queue", PRODUCTS, 10)
    size = PRODUCTS // ORDERS
    for number in range(ORDERS):
        goods = [(product, 10) for product in products[number * size : (number + 1) * size]]
        new_confirmed(env, goods, 20, CODE)  # these have all there is
    waiting = env["sale.order"]
    for number in range(ORDERS):
        goods = [(product, 5) for product in products[number * size : (number + 1) * size]]
        waiting |= new_confirmed(env, goods, 15 + number, CODE)
    plan_receipts(env, products, 40, 12)
    env.flush_all()
    copies = WAITING // PRODUCTS - 1
    lines = waiting.order_line
    orders = copy_rows(env, waiting, copies)
    new_lines = copy_rows(env, lines, copies, order_id=orders)
    copy_rows(env, lines.move_ids, copies, sale_line_id=new_lines)
    env.cr.execute("ANALYZE")
    order = new_confirmed(env, [(product, 8) for product in products], 10, CODE)
    return env["order.expedite"].create(
        {
            "order_id": order.id,
            "reason": CODE,
            "needed_by": env.cr.now().replace(microsecond=0) + timedelta(days=2),
        }
    )


@scenario("expedite.simulate_10000", WITHOUT, repeats=REPEATS, asked={"queries": 30, "ms": 1000})
def simulate(env):
    """All ways of an order of 200 products, for which 10,000 moves wait."""
    expedite = prepare_queue(env)
    return expedite.action_simulate


@simulate.reference
def read_moves(env):
    """The same moves, only read."""
    products = prepare_queue(env).order_id.order_line.product_id
    moves = env["stock.move"].search([("product_id", "in", products.ids)])
    assert len(moves) >= WAITING
    return lambda: moves.read(["product_id", "date", "product_qty", "quantity", "state"])


def prepare_twenty(env):
    """Ten products, each reserved by two orders, and an order that needs all of them."""
    env["order.review.step"].search([]).action_archive()
    products = new_products(env, "Bench twenty", LINES, 10)
    harmed = env["sale.order"]
    for number in range(HARMED):
        harmed |= new_confirmed(env, [(products[number // 2], 5)], 20 + number, "bench-twenty")
    plan_receipts(env, products, 20, 15)
    order = new_confirmed(env, [(product, 10) for product in products], 10, "bench-twenty")
    assert not order.order_line.move_ids.move_line_ids
    return order, harmed


@scenario("expedite.apply_10x20", WITHOUT, repeats=REPEATS, asked={"query_times": 3})
def apply(env):
    """Ten lines that take the goods of twenty orders, as it was approved: reservations, priority,
    ledger, histories, tasks and the record of before and after."""
    order, harmed = prepare_twenty(env)
    expedite = env["order.expedite"].create(
        {
            "order_id": order.id,
            "reason": "Bench",
            "needed_by": env.cr.now().replace(microsecond=0) + timedelta(days=2),
        }
    )
    expedite.action_simulate()
    expedite.action_choose_scenario("take")
    assert expedite.impact_ids.order_id == harmed
    from odoo.addons.order_process_control.models.order.process_token import as_process

    as_process(expedite).write({"state": "approved", "requested_by": env.uid})

    def run():
        expedite.action_apply()
        assert expedite.state == "applied"

    return run


@apply.reference
def reserve_plainly(env):
    """What Odoo does to unreserve and reserve the same moves."""
    order, harmed = prepare_twenty(env)
    theirs, own = harmed.order_line.move_ids, order.order_line.move_ids

    def run():
        theirs._do_unreserve()
        own._action_assign()
        assert set(own.mapped("state")) == {"assigned"}

    return run
