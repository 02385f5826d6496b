"""What every salesperson does all day: drafts are edited and opened, with us or without."""

from datetime import datetime, timedelta

from toolchain.benchmark import scenario

from ._orders import get_user, new_order, new_orders
from ._reviews import ask_departments, get_reviewers

DRAFTS = 50


def get_salesperson(env):
    return get_user(env, "bench_salesperson", "sales_team.group_sale_salesman")


def write_drafts(name):
    """One header field of 50 drafts that are not under review."""

    def prepare(env):
        if "order.review" in env:
            ask_departments(env, "Bench", get_reviewers(env, 3))
        seller, value = get_salesperson(env), get_values(env)[name]
        # The configuration was just made: nobody else reads it for the first time either
        new_order(env, seller).write({name: value})
        orders = new_orders(env, seller, DRAFTS)
        return lambda: orders.write({name: value})

    return prepare


def get_values(env):
    return {
        "client_order_ref": "PO 4711",
        "commitment_date": datetime.now().replace(microsecond=0) + timedelta(days=30),
        "note": "Deliver to the back door",
        "payment_term_id": env.ref("account.account_payment_term_30days").id,
    }


# The first is no content of a review, the others are
for field in ("client_order_ref", "commitment_date", "payment_term_id", "note"):
    scenario(f"order.write_50_drafts.{field}", asked={"more": 1})(write_drafts(field))


def open_form(state):
    """The web client reads one order: every field of the form as the salesperson has it."""

    def prepare(env):
        from odoo.tests.form import Form  # Odoo is not on the path before there is a database

        seller = get_salesperson(env)
        if "order.review" in env:
            ask_departments(env, "Bench", get_reviewers(env, 3))
        order = new_order(env, seller)
        if "order.review" in env and state == "in_review":
            order.action_request_review()
        # What the client sends after it has asked for the views, once a session
        specification = Form(order)._view["fields_spec"]
        order.web_read(specification)
        order.env.invalidate_all()
        return lambda: order.web_read(specification)

    return prepare


for state in ("draft", "in_review"):
    scenario(f"order.open_form.{state}", asked={"more": 8})(open_form(state))
