"""After-sales: a thousand tickets at once, and ten lines exchanged."""

from toolchain.benchmark import scenario

from ._orders import get_user
from ._tickets import (
    COUNT,
    LINES,
    deliver,
    get_agent,
    get_category,
    get_customer,
    new_tickets,
    receive,
    return_for_exchange,
)


@scenario("ticket.create_1000", reference="helpdesk_mgmt_sla", repeats=3)
def create(env):
    """1,000 tickets with agent and three clocks: created by the mail gateway's user, then every
    customer writes again, which starts the clock of the next response."""
    agent = get_agent(env)
    category, customer = get_category(env), get_customer(env)
    new_tickets(env, agent, category, customer, 1)

    def run():
        tickets = new_tickets(env, agent, category, customer, COUNT)
        tickets.sudo()._start_clocks([(t, "next_response") for t in tickets.sudo()])

    return run


@create.reference
def create_helpdesk(env):
    """The same with the peer: a rule of service level for each of them."""
    env["helpdesk.sla"].search([("name", "=", "Bench")]) or env["helpdesk.sla"].create(
        {
            "name": "Bench",
            "team_ids": [(6, 0, get_helpdesk_team(env).ids)],
            "hours": 4,
            "stage_id": env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1).id,
        }
    )
    user = get_user(env, "bench_helpdesk", "helpdesk_mgmt.group_helpdesk_manager")
    vals = {
        "name": "It does not work",
        "description": "It does not work",
        "team_id": get_helpdesk_team(env).id,
        "user_id": user.id,
        "partner_id": get_customer(env).id,
    }
    tickets = env["helpdesk.ticket"].with_user(user)
    tickets.create([vals])
    return lambda: tickets.create([dict(vals) for _number in range(COUNT)])


def get_helpdesk_team(env):
    teams = env["helpdesk.ticket.team"]
    return teams.search([("name", "=", "Bench")]) or teams.create(
        {"name": "Bench", "use_sla": True}
    )


@scenario("ticket.exchange_10", repeats=3)
def exchange(env):
    """Five calls: the ticket with ten lines, the return, its reception, the inspection, the
    delivery."""
    agent = get_agent(env)
    category, customer = get_category(env), get_customer(env)
    order = deliver(env)
    done = {}

    def create_ticket():
        done["ticket"] = (
            env["order.ticket"]
            .with_user(agent)
            .create(
                {
                    "subject": "Ten lines",
                    "partner_id": customer.id,
                    "category_id": category.id,
                    "order_id": order.id,
                    "line_ids": [
                        (0, 0, {"order_line_id": line.id, "requested_outcome": "exchange"})
                        for line in order.order_line
                    ],
                }
            )
        )

    def receive_return():
        receive(done["ticket"].sudo().transfer_ids)

    def check():
        done["ticket"].action_create_exchange()
        assert len(done["ticket"].sudo().transfer_ids) == 2, "one return, one delivery"

    return [
        create_ticket,
        lambda: done["ticket"].action_create_return(),
        receive_return,
        lambda: done["ticket"].line_ids.action_inspect("intact", "stock"),
        check,
    ]


@exchange.reference
def exchange_plainly(env):
    """Odoo's own return for exchange of the same ten lines, and its reception."""
    order = deliver(env)
    assert len(order.order_line) == LINES
    done = {}

    def run():
        done["picking"] = return_for_exchange(env, order)

    return [run, lambda: receive(done["picking"])]
