"""Agents, delivered orders and returns that the scenarios of tickets start from."""

from ._orders import get_seller, get_user

COUNT, LINES = 1000, 10


def get_agent(env):
    return get_user(env, "bench_agent", "order_process_control.group_ticket_agent")


def get_category(env):
    team = env["order.ticket.team"].search([("is_default", "=", True)], limit=1)
    team.write({"member_ids": [(4, get_agent(env).id)], "assignment": "least_load"})
    return env.ref("order_process_control.order_ticket_category_complaint")


def get_customer(env):
    return env.ref("base.res_partner_2")


def new_tickets(env, agent, category, customer, count):
    vals = {
        "subject": "It does not work",
        "description": "It does not work",
        "partner_id": customer.id,
        "category_id": category.id,
        "channel": "email",
    }
    return env["order.ticket"].with_user(agent).create([dict(vals) for _number in range(count)])


def deliver(env):
    """An order of ten goods, confirmed and delivered."""
    products = env["product.product"]
    goods = products.search([("name", "like", "Bench exchange")]) or products.create(
        [
            {"name": f"Bench exchange {number}", "type": "consu", "is_storable": True}
            for number in range(LINES)
        ]
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for product in goods:
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
    vals = {
        "partner_id": get_customer(env).id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": 1}) for product in goods
        ],
    }
    if "order.review" in env:
        env["order.review.step"].search([]).write({"active": False})
        vals["medium_id"] = env.ref("utm.utm_medium_email").id
    order = env["sale.order"].with_user(get_seller(env)).create(vals).sudo()
    order.action_confirm()
    receive(order.picking_ids)
    return order


def receive(pickings):
    """Validate what is to come or go, completely."""
    pickings = pickings.filtered(lambda p: p.state not in ("done", "cancel"))
    for move in pickings.move_ids:
        move.quantity = move.product_uom_qty
        move.picked = True
    # Odoo's questions about backorders and text messages are for people
    pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
    assert set(pickings.mapped("state")) == {"done"}


def return_for_exchange(env, order):
    """Odoo's wizard: a return of everything, and the delivery of the same again."""
    wizards = env["stock.return.picking"].with_context(
        active_model="stock.picking", active_id=order.picking_ids.id
    )
    wizard = wizards.create({"picking_id": order.picking_ids.id})
    wizard.product_return_moves.quantity = 1
    return env["stock.picking"].browse(wizard.action_create_exchanges()["res_id"])
