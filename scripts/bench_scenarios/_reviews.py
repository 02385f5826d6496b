"""Departments that are asked, and many orders that wait for them."""

from ._orders import get_seller, get_user, new_orders

CRITERIA = 2
MANY = 200


def get_reviewers(env, count):
    group = "order_process_control.group_order_reviewer"
    return [get_user(env, f"bench_reviewer_{number}", group) for number in range(count)]


def ask_departments(env, name, signers, criteria=0, sequential=False):
    """Let one department a signer review every order; what was asked before takes no part.

    :param str name: tells the departments of one scenario from those of another
    :param int criteria: how many questions each of them answers
    """
    steps = env["order.review.step"]
    names = {f"{name} {number}" for number in range(len(signers))}
    if names == set(steps.search([]).mapped("name")):
        return
    steps.search([]).action_archive()
    steps.create(
        [
            {
                "name": f"{name} {number}",
                "sequence": number if sequential else 10,
                "reviewer_ids": [(6, 0, signer.ids)],
                "criterion_ids": [
                    (0, 0, {"name": f"Question {question}"}) for question in range(criteria)
                ],
            }
            for number, signer in enumerate(signers)
        ]
    )


def answer_all(signoffs):
    """What a reviewer answers to the questions of these sign-offs: all is in order."""
    return [
        {"id": answer.id, "result": "pass"}
        for answer in signoffs.answer_ids
        if answer.kind == "manual"
    ]


def new_requests(env, count, departments=5, name="Many"):
    """Orders in review by departments with manual criteria.

    :return: (orders as their salesperson, reviewers)
    """
    signers = get_reviewers(env, departments)
    ask_departments(env, name, signers, criteria=CRITERIA)
    orders = new_orders(env, get_seller(env), count)
    orders.action_request_review()
    return orders, signers


def sign(orders, signers):
    """Let these people approve what waits for each of them."""
    for signer in signers:
        signoffs = get_signoffs(orders, signer)
        signoffs.action_approve(answers=answer_all(signoffs.sudo()))


def get_signoffs(orders, signer):
    signoffs = orders.sudo().current_review_id.signoff_ids
    return signoffs.filtered(lambda s: s.reviewer_ids == signer).with_user(signer)


def look_at(order, signer):
    """What is on the reviewer's screen before the click: the sign-off and the answers given.

    Read through a connection of its own, because a click sends these ids and reads none of them.

    :return: (sign-off as its signer, answers)
    """
    with order.pool.cursor() as cursor:
        theirs = order.env(cr=cursor)
        seen = get_signoffs(order.with_env(theirs), signer.with_env(theirs))
        answers = answer_all(seen.sudo())
    return order.env["order.signoff"].with_user(signer).browse(seen.ids), answers
