"""Lists and counters of people with 50,000 finished reviews behind them, and with none."""

from toolchain.benchmark import WITHOUT, scenario

from ._history import fill, open_today

# A list is over in some milliseconds: many of them make a figure that can be compared
TIMES = 20
PAGE = {"limit": 80, "count_limit": 10001}


def get_specification(env, model, view_id):
    """Every column of a list, as the web client asks for it."""
    arch = env[model].get_views([(view_id, "list")])["models"][model]["fields"]
    names = env[model].get_view(view_id, "list")["models"][model]
    return {
        name: {"fields": {"display_name": {}}} if "relation" in arch[name] else {}
        for name in names
        if name in arch
    }


def my_signoffs(env):
    return search(env, "order.signoff", "order_signoff_view_list", [("can_decide", "=", True)])


def my_signoffs_count(env):
    return lambda: env["order.signoff"].search_count([("can_decide", "=", True)])


def all_signoffs(env):
    return search(env, "order.signoff", "order_signoff_view_list", [("state", "=", "pending")])


def bell(env):
    return env["res.users"]._get_activity_groups


def orders_in_process(env):
    return search(env, "sale.order", "sale_order_view_list_process", in_process())


def orders_to_submit(env):
    return search_process(env, "to_submit")


def orders_in_review(env):
    return search_process(env, "in_review")


def orders_approved(env):
    return search_process(env, "approved")


def search_process(env, state):
    domain = [*in_process(), ("review_state", "=", state)]
    return search(env, "sale.order", "sale_order_view_list_process", domain)


def in_process():
    return [("state", "in", ("draft", "sent"))]


def search(env, model, view, domain):
    view_id = env.ref(f"order_process_control.{view}").id
    specification = get_specification(env, model, view_id)
    return lambda: env[model].web_search_read(domain, specification, **PAGE)


REVIEWER_LISTS = [my_signoffs, my_signoffs_count, all_signoffs, bell, orders_in_process]
SELLER_LISTS = [
    *REVIEWER_LISTS,
    orders_to_submit,
    orders_in_review,
    orders_approved,
]


def register(role, position, operation):
    def look(env, history):
        people = open_today(env)
        if history:
            fill(env)
        env.flush_all()
        person = people[position]
        context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": person.company_id.ids}
        return [operation(env(user=person.id, context=context))] * TIMES

    name = f"review.history_50000.{role}.{operation.__name__}"
    scenario(name, reference=WITHOUT, asked={"times": 1.2})(lambda env: look(env, True)).reference(
        lambda env: look(env, False)
    )


for function in REVIEWER_LISTS:
    register("reviewer", 0, function)
for function in SELLER_LISTS:
    register("salesperson", 1, function)
