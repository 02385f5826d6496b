"""Two hundred orders at once: requested, decided by one reviewer, confirmed."""

from toolchain.benchmark import scenario

from ._orders import get_seller, new_orders
from ._reviews import (
    MANY,
    answer_all,
    ask_departments,
    get_reviewers,
    get_signoffs,
    new_requests,
    sign,
)
from ._tiers import define_tiers, get_validators

DEPARTMENTS = 5
REPEATS = 3


@scenario(
    "review.request_200x5",
    reference="sale_tier_validation",
    repeats=REPEATS,
    asked={"queries": 40},
)
def request(env):
    """200 orders, 5 departments with manual criteria each."""
    ask_departments(env, "Many", get_reviewers(env, DEPARTMENTS), criteria=2)
    return new_orders(env, get_seller(env), MANY).action_request_review


@request.reference
def request_tiers(env):
    define_tiers(env, get_validators(env, DEPARTMENTS))
    return new_orders(env, get_seller(env), MANY).request_validation


@scenario(
    "review.decide_200",
    reference="sale_tier_validation",
    repeats=REPEATS,
    asked={"queries": 25},
)
def decide(env):
    """The first of five reviewers answers the questions and approves 200 sign-offs."""
    orders, signers = new_requests(env, MANY)
    return approve(orders, signers[0])


def approve(orders, signer):
    signoffs = get_signoffs(orders, signer)
    answers = answer_all(signoffs.sudo())
    return lambda: signoffs.action_approve(answers=answers)


@decide.reference
def decide_tiers(env):
    signers = get_validators(env, DEPARTMENTS)
    define_tiers(env, signers)
    orders = new_orders(env, get_seller(env), MANY)
    orders.request_validation()
    return lambda: validate_each(orders, signers[0])


def validate_each(orders, signer):
    """The peer takes one order at a time."""
    for order in orders.with_user(signer):
        order.validate_tier()


@scenario("review.decide_together_200", reference="sale_tier_validation", repeats=REPEATS)
def decide_together(env):
    """The same with the screen for many: a result for each, questions answered "in order"."""
    orders, signers = new_requests(env, MANY)
    signoffs = get_signoffs(orders, signers[0])
    return lambda: signoffs.action_decide_many("approved", all_in_order=True)


decide_together.reference(decide_tiers)


@scenario("review.release_200", reference="sale_tier_validation", repeats=REPEATS)
def release(env):
    """The last of five reviewers approves: 200 orders are released, their requesters told."""
    orders, signers = new_requests(env, MANY)
    sign(orders, signers[:-1])
    return approve(orders, signers[-1])


@release.reference
def release_tiers(env):
    signers = get_validators(env, DEPARTMENTS)
    define_tiers(env, signers)
    orders = new_orders(env, get_seller(env), MANY)
    orders.request_validation()
    for signer in signers[:-1]:
        validate_each(orders, signer)
    return lambda: validate_each(orders, signers[-1])


@scenario("review.confirm_200", repeats=REPEATS, asked={"more": 2})
def confirm(env):
    """200 released orders are confirmed."""
    orders, signers = new_requests(env, MANY)
    sign(orders, signers)
    return orders.action_confirm


@confirm.reference
def confirm_plainly(env):
    return new_orders(env, get_seller(env), MANY).action_confirm
