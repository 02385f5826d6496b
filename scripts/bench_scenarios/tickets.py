"""After-sales: a thousand tickets at once, and ten lines exchanged, beside the peers."""

from toolchain.benchmark import scenario

from ._helpdesk import HOURS, get_helpdesk_agent, get_helpdesk_team, new_helpdesk_tickets
from ._rma import exchange_clicks
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

CLOCKS = 3
# What an exchange leaves behind, with us, with Odoo alone and with the peer
DOCUMENTS = ("order.ticket", "stock.picking", "rma")


@scenario(
    "ticket.create_1000",
    reference="helpdesk_mgmt_sla",
    repeats=1,  # a thousand at once are enough to compare, and the peer takes its time
    asked={"queries": 6 * COUNT, "times": 1 / 3},
    documents=("order.deadline", "helpdesk.ticket.sla"),
)
def create(env):
    """1,000 tickets with agent and three clocks: created by the mail gateway's user, then every
    customer writes again, which starts the clock of the next response."""
    agent = get_agent(env)
    category, customer = get_category(env), get_customer(env)

    def create_with_clocks(count):
        tickets = new_tickets(env, agent, category, customer, count).sudo()
        tickets._start_clocks([(ticket, "next_response") for ticket in tickets])
        return tickets

    one = create_with_clocks(1)
    clocks = [("res_model", "=", one._name), ("res_id", "=", one.id)]
    assert env["order.deadline"].search_count(clocks) == CLOCKS
    return lambda: create_with_clocks(COUNT)


@create.reference
def create_helpdesk(env):
    """The same with the peer: a rule of service level for each of our clocks."""
    team, agent = get_helpdesk_team(env), get_helpdesk_agent(env)
    one = new_helpdesk_tickets(env, team, agent, 1)
    assert len(one.sudo().ticket_sla_ids) == len(HOURS) == CLOCKS
    return lambda: new_helpdesk_tickets(env, team, agent, COUNT)


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

    return [
        create_ticket,
        lambda: done["ticket"].action_create_return(),
        receive_return,
        lambda: done["ticket"].line_ids.action_inspect("intact", "stock"),
        lambda: done["ticket"].action_create_exchange(),
    ]


def exchange_plainly(env):
    """Odoo's own return for exchange of the same ten lines, and its reception."""
    order = deliver(env)
    assert len(order.order_line) == LINES
    done = {}

    def run():
        done["picking"] = return_for_exchange(env, order)

    return [run, lambda: receive(done["picking"])]


def exchange_by_rma(env):
    """The peer, from the same delivered order to the deliveries of ten replacements."""
    return exchange_clicks(env, deliver(env))


scenario(
    "ticket.exchange_10",
    repeats=3,
    asked={"calls": 5, "more": 120, "documents": 3},
    documents=DOCUMENTS,
)(exchange).reference(exchange_plainly)
scenario("ticket.exchange_10", "rma", repeats=3, documents=DOCUMENTS)(exchange).reference(
    exchange_by_rma
)
